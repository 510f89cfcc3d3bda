-- ARGV: name of the planning, then of each row its table, and row id, state and JSON as one line. Of a plan that is being
-- written: known differences of another run. A row that is there is replaced, so sent twice, it counts once.
local state = redis.call('HGET', RUN, 'state')
if state and isFenced(ARGV[1]) then return { 'fenced' } end
if state ~= 'planning' then return { 'refused', state or 'unknown' } end
for place = 2, #ARGV, 2 do keepKnown(ARGV[place], ARGV[place + 1], math.huge, math.huge) end
return { 'carried' }
