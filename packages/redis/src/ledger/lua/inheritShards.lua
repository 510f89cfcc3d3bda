-- ARGV: name of the planning, most failures kept, then of each shard its index and its state as lines. Of a plan that is
-- being written: what these shards came to in an earlier run. The table is the plan's. Sent twice, it counts once.
local state = redis.call('HGET', RUN, 'state')
if state and isFenced(ARGV[1]) then return { 'fenced' } end
if state ~= 'planning' then return { 'refused', state or 'unknown' } end
for place = 3, #ARGV, 2 do
  local shard = ARGV[place]
  local entry = redis.call('LINDEX', PLAN, shard)
  if not entry then return { 'unplanned', shard } end
  if redis.call('HEXISTS', SHARDS, shard) == 0 then
    local lines = linesOf(ARGV[place + 1])
    local counts = lines[COUNTS]
    lines[TABLE], lines[COUNTS] = linesOf(entry)[1], ''
    addCounts(lines, counts)
    tally(lines[TABLE], lines[OUTCOME], 1)
    if lines[FAILURE] ~= '' then recordFailure(shard, lines[TABLE], lines[FAILURE], ARGV[2]) end
    writeShard(shard, lines)
  end
end
return { 'inherited' }
