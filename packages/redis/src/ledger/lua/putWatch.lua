-- ARGV: watch id, spec, now, most watches, time before which stopped ones are forgotten. Creates the watch once, or goes on
-- with one of the same spec.
local watchId, spec, now, max, forgetBefore = unpack(ARGV)
local packed = redis.call('HGET', WATCHES, watchId)
local lines = packed and linesOf(packed)
if lines then
  if lines[WATCH_SPEC] ~= spec then return { 'different' } end
  lines[WATCH_STATE], lines[STOPPED] = 'active', ''
  redis.call('HSET', WATCHES, watchId, table.concat(lines, '\n'))
  return { 'same' }
end
local all = redis.call('HGETALL', WATCHES)
for place = 1, #all, 2 do
  local stopped = linesOf(all[place + 1])[STOPPED]
  if stopped ~= '' and tonumber(stopped) < tonumber(forgetBefore) then redis.call('HDEL', WATCHES, all[place]) end
end
if redis.call('HLEN', WATCHES) >= tonumber(max) then return { 'full' } end
redis.call('HSET', WATCHES, watchId, table.concat({ 'active', '0', '', now, '', '', spec }, '\n'))
return { 'created' }
