-- KEYS and first ARGV as in take.lua. A holder that is gone by now leaves the next one's lease alone.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
