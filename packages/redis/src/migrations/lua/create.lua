-- ARGV: id, now, most migrations, then the fields of the record. Creates it once; answers what is there.
local id, now, max = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call('EXISTS', MIGRATION) == 1 then return { 'exists', record() } end
if redis.call('ZCARD', MIGRATIONS) >= max then return { 'full' } end
redis.call('HSET', MIGRATION, unpack(ARGV, 4))
redis.call('ZADD', MIGRATIONS, now, id)
return { 'created', record() }
