-- The rule continuesPlan of core, inside Redis: two coordinators may write at once. ARGV: name of the planning, index
-- of the first shard, then one entry a shard: table, after, upTo, each on its line ('' is open), and of a shard that
-- holds keys those as JSON: such shards come before all ranges. The plan only grows at
-- its end, and each range begins where its forerunner ended: a plan with a gap or an overlap cannot be written, not
-- even by two coordinators at once. Entries sent twice change nothing.
local state = redis.call('HGET', RUN, 'state')
if state and isFenced(ARGV[1]) then return { 'fenced' } end
if state ~= 'planning' then return { 'refused', state or 'unknown' } end
local from, length = tonumber(ARGV[2]), redis.call('LLEN', PLAN)
if from > length then return { 'gap', integer(length) } end

local previous = from > 0 and linesOf(redis.call('LINDEX', PLAN, from - 1)) or nil
for place = 3, #ARGV do
  local entry, index = ARGV[place], from + place - 3
  local current = linesOf(entry)
  if index < length then
    if redis.call('LINDEX', PLAN, index) ~= entry then return { 'conflict', integer(index) } end
  else
    local isKeys = current[4] ~= nil
    if isKeys then
      if previous and not (previous[4] and tonumber(previous[1]) <= tonumber(current[1])) then
        return { 'untiled', integer(index) }
      end
      redis.call('HINCRBY', RUN, 'keyShards', 1)
    elseif previous and previous[4] then
      previous = nil
    end
    local isSameTable = previous and previous[1] == current[1]
    local isNext = isKeys or isSameTable and previous[3] ~= '' and previous[3] == current[2]
      or not isSameTable and current[2] == '' and (not previous or previous[3] == '')
      and (not previous or tonumber(previous[1]) < tonumber(current[1]))
    if not isNext then return { 'untiled', integer(index) } end
    redis.call('RPUSH', PLAN, entry)
    tally(current[1], 'shards', 1)
  end
  previous = current
end
redis.call('HSET', RUN, 'shards', redis.call('LLEN', PLAN))
return { 'added' }
