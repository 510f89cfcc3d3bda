-- ARGV: number of the wanted run, or '' for the next one.
local runs = redis.call('HGET', MIGRATION, 'runs')
if not runs then return { 'unknown' } end
local next = tonumber(runs) + 1
local number = tonumber(ARGV[1]) or next
if number > next then return { 'ahead', record() } end
if number < next then return { 'begun', record() } end
redis.call('HSET', MIGRATION, 'ordered', string.format('%.0f', next))
return { 'ordered', record() }
