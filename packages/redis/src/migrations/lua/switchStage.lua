-- ARGV: runs, stage, its direction, its neighbours with spaces between, expected stage ('' for any), now, id of the newest
-- run, most switches kept. The run under way in the other direction is cancelled in the same step: a later claim or
-- write of it is `over`.
local runs, to, direction, neighbours, expected, now, newest, keptMax = unpack(ARGV)
local stage = redis.call('HGET', MIGRATION, 'stage')
if not stage then return { 'unknown' } end
if not hasRuns(runs) then return { 'moved' } end
if stage == to then return { 'same', record() } end
if expected ~= '' and expected ~= stage then return { 'other', record() } end
if not (' ' .. neighbours .. ' '):find(' ' .. stage .. ' ', 1, true) then return { 'notNext', record() } end
local ended = ''
if redis.call('HGET', MIGRATION, 'direction') ~= direction and newestIsOpen() then
  ended = newest
  redis.call('HSET', NEWEST, 'cancelRequested', '1')
  redis.call('HSET', MIGRATION, 'ordered', string.format('%.0f', tonumber(runs) + 1))
end
local switches = {}
for line in redis.call('HGET', MIGRATION, 'switches'):gmatch('[^\n]+') do switches[#switches + 1] = line end
switches[#switches + 1] = to .. ' ' .. now .. ' ' .. ended
while #switches > tonumber(keptMax) do table.remove(switches, 1) end
redis.call('HSET', MIGRATION, 'stage', to, 'direction', direction, 'stageSince', now, 'switches', table.concat(switches, '\n'))
return { 'switched', record(), ended }
