-- KEYS as in add.lua. ARGV: id, due time ('' for none), what came of the attempt, how long it is kept without a next
-- attempt, in milliseconds. A delivery that is gone is not made again.
local id, dueAt, last, keptMs = unpack(ARGV)
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[2], id)
  return 'gone'
end
redis.call('HINCRBY', KEYS[1], 'tries', 1)
redis.call('HSET', KEYS[1], 'dueAt', dueAt, 'last', last)
if dueAt == '' then
  redis.call('ZREM', KEYS[2], id)
  redis.call('PEXPIRE', KEYS[1], keptMs)
else
  redis.call('ZADD', KEYS[2], dueAt, id)
end
return 'noted'
