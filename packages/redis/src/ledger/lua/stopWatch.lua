-- ARGV: watch id, now. The first time counts.
local packed = redis.call('HGET', WATCHES, ARGV[1])
if not packed then return { 'unknown' } end
local lines = linesOf(packed)
if lines[WATCH_STATE] == 'active' then
  lines[WATCH_STATE], lines[STOPPED] = 'stopped', ARGV[2]
  redis.call('HSET', WATCHES, ARGV[1], table.concat(lines, '\n'))
end
return { 'stopped' }
