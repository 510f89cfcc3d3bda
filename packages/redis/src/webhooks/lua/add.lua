-- KEYS: the delivery, those that are due. ARGV: id, most that wait, due time, then the fields. Makes it once.
local id, max, dueAt = ARGV[1], tonumber(ARGV[2]), ARGV[3]
if redis.call('EXISTS', KEYS[1]) == 1 then return 'same' end
if redis.call('ZCARD', KEYS[2]) >= max then return 'full' end
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
redis.call('ZADD', KEYS[2], dueAt, id)
return 'added'
