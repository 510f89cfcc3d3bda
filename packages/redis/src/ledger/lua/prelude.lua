-- What every ledger script begins with: the keys, and how a shard's state is written. All keys of a run and the two
-- sets of runs lie in one hash slot. A shard's state is one string of lines, so that a million of them stay small;
-- ranges, checkpoints and failures are opaque JSON: cjson would turn [] into {} and large numbers into doubles.
local RUN, PLAN, TABLES, SHARDS, TOTALS, OPEN, FAILURES, KNOWN, KNOWN_ORDER, GROUPS, RUNS, RUNS_OPEN, WATCHES = unpack(KEYS)

local STATE, ATTEMPT, STRIKES, WRITE, TABLE, HOLDER, CHECKPOINT = 1, 2, 3, 4, 5, 6, 7
-- A shard that was inherited has one line more: the id of the run in which it was compared.
local COUNTS, OUTCOME, FAILURE, CLAIMED, COMMITTED, FINISHED, PENDING = 8, 9, 10, 11, 12, 13, 14

-- A watch is lines of text: state, generation, followed run, creation, begin of the generation, stop, spec.
local WATCH_STATE, GENERATION, FOLLOWS, CREATED, BEGAN, STOPPED, WATCH_SPEC = 1, 2, 3, 4, 5, 6, 7

local function linesOf(text)
  local lines = {}
  for line in (text .. '\n'):gmatch('(.-)\n') do lines[#lines + 1] = line end
  return lines
end

local function integer(number) return string.format('%.0f', number) end

local function readShard(shard)
  local packed = redis.call('HGET', SHARDS, shard)
  if not packed then return nil end
  return linesOf(packed)
end

local function writeShard(shard, lines)
  local packed = table.concat(lines, '\n')
  redis.call('HSET', SHARDS, shard, packed)
  return packed
end

-- Of its table, and of all tables together: the sums of a run are read often, and must not cost more with more tables.
local function tally(tableIndex, name, by)
  redis.call('HINCRBY', TOTALS, tableIndex .. ':' .. name, by)
  redis.call('HINCRBY', TOTALS, 'all:' .. name, by)
end

local function doneShards()
  local sum = 0
  for _, number in ipairs(redis.call('HMGET', TOTALS, 'all:match', 'all:differs', 'all:inconclusive')) do
    sum = sum + (tonumber(number or 0))
  end
  return sum
end

-- Counts are written sparsely, as `name=number` with spaces between.
local function addCounts(lines, add)
  local sums, order = {}, {}
  for name, number in lines[COUNTS]:gmatch('(%a+)=(%d+)') do
    sums[name] = tonumber(number)
    order[#order + 1] = name
  end
  for name, number in add:gmatch('(%a+)=(%d+)') do
    if not sums[name] then
      sums[name] = 0
      order[#order + 1] = name
    end
    sums[name] = sums[name] + tonumber(number)
    tally(lines[TABLE], name, number)
  end
  for place, name in ipairs(order) do order[place] = name .. '=' .. integer(sums[name]) end
  lines[COUNTS] = table.concat(order, ' ')
end

-- What the attempt has read and not committed, as `rows candidates`; the totals know the sum of all shards.
local function setPending(lines, pending)
  local oldRows, oldCandidates = lines[PENDING]:match('(%d+) (%d+)')
  local rows, candidates = pending:match('(%d+) (%d+)')
  lines[PENDING] = pending
  local function move(name, new, old)
    local by = tonumber(new or 0) - tonumber(old or 0)
    if by ~= 0 then tally(lines[TABLE], name, integer(by)) end
  end
  move('pendingRows', rows, oldRows)
  move('pendingCandidates', candidates, oldCandidates)
end

-- The rule takesWrites of core: a run that is not being worked on takes no claim and no write.
local function runIsOver()
  local state, cancelled = unpack(redis.call('HMGET', RUN, 'state', 'cancelRequested'))
  return state ~= 'running' or cancelled == '1'
end

-- With runIsOver, the rule takesWork of core: a paused run takes writes, and no claim.
local function runIsPaused()
  local pausedAt = redis.call('HGET', RUN, 'pausedAt')
  return pausedAt and pausedAt ~= ''
end

-- What was paused before the plan was made counts for nothing.
local function endPause(now)
  local pausedAt, plannedAt, pausedMs = unpack(redis.call('HMGET', RUN, 'pausedAt', 'plannedAt', 'pausedMs'))
  if not pausedAt or pausedAt == '' then return end
  local sum = tonumber(pausedMs or 0)
  if plannedAt and plannedAt ~= '' then
    sum = sum + math.max(0, tonumber(now) - math.max(tonumber(pausedAt), tonumber(plannedAt)))
  end
  redis.call('HSET', RUN, 'pausedAt', '', 'pausedMs', integer(sum))
end

-- The attempt still has the shard, and what it wrote last is what Redis knows: a replica that was promoted without it
-- must not take what builds on it.
local function isHeld(lines, attempt, last)
  return lines and lines[STATE] == 'running' and lines[ATTEMPT] == attempt and lines[WRITE] == last
end

-- Each planning of a run has a name; what an earlier one still writes is refused.
local function isFenced(planning) return redis.call('HGET', RUN, 'planning') ~= planning end

-- Of the run: from when to when keys were compared. Clocks of workers may disagree, so the ends are the outermost.
local function compareFrom(now)
  local from = redis.call('HGET', RUN, 'comparedFrom')
  if not from or tonumber(now) < tonumber(from) then redis.call('HSET', RUN, 'comparedFrom', now) end
end

local function compareTo(now)
  local to = redis.call('HGET', RUN, 'comparedTo')
  if not to or tonumber(now) > tonumber(to) then redis.call('HSET', RUN, 'comparedTo', now) end
end

-- The first rows that stayed unstable, a line each: the table, and the rest as JSON. A run names no more than a few.
local function nameUnstable(tableIndex, rows, namedMax)
  local known = redis.call('HGET', RUN, 'unstable')
  local named = known and linesOf(known) or {}
  for _, row in ipairs(linesOf(rows)) do
    if #named < tonumber(namedMax) then named[#named + 1] = tableIndex .. ' ' .. row end
  end
  redis.call('HSET', RUN, 'unstable', table.concat(named, '\n'))
end

-- Confirmed differences, a line each: row id, state, and the rest as JSON. A row that is known is replaced. Others are
-- kept while there is room in their table and in the run: resolved ones take none. What does not fit is counted.
local function keepKnown(tableIndex, rows, keepMax, runMax)
  local kept = tonumber(redis.call('HGET', TOTALS, tableIndex .. ':kept') or 0)
  local all = tonumber(redis.call('HGET', TOTALS, 'all:kept') or 0)
  local change, beyond = 0, 0
  for _, row in ipairs(linesOf(rows)) do
    local rowId, state, rest = row:match('^(%x+) (%a+) (.*)$')
    local packed = redis.call('HGET', KNOWN, rowId)
    local before = packed and linesOf(packed)[2]
    local wasOpen, isOpen = before and before ~= 'resolved', state ~= 'resolved'
    local hasRoom = kept + change < keepMax and all + change < runMax
    if wasOpen or not isOpen or hasRoom then
      redis.call('HSET', KNOWN, rowId, tableIndex .. '\n' .. state .. '\n' .. rest)
      redis.call('ZADD', KNOWN_ORDER, 0, string.format('%09d~%s', tonumber(tableIndex), rowId))
      change = change + (isOpen and 1 or 0) - (wasOpen and 1 or 0)
    else
      beyond = beyond + 1
    end
  end
  if change ~= 0 then tally(tableIndex, 'kept', integer(change)) end
  return beyond
end

-- Of two decimal integers of any length: a number of Lua loses digits.
local function isBelow(a, b)
  local isNegative = a:sub(1, 1) == '-'
  if isNegative ~= (b:sub(1, 1) == '-') then return isNegative end
  if #a ~= #b then return (#a < #b) ~= isNegative end
  if isNegative then return b < a end
  return a < b
end

-- Of two ends the outer one; '-' where a key is no integer.
local function outermost(a, b, isLow)
  if a == '-' or b == '-' then return '-' end
  if isBelow(b, a) == isLow then return b end
  return a
end

-- Confirmed differences by the way in which they differ, a line each: rows, the smallest and the largest key, name, and
-- the rest as JSON, with tabs between. A new group needs room in its table and in the run; without it its rows count.
local function addGroups(tableIndex, groups, tableMax, runMax)
  local beyond = 0
  for _, line in ipairs(linesOf(groups)) do
    local rows, low, high, name, rest = line:match('^(%d+)\t([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$')
    local field = tableIndex .. ' ' .. name
    local packed = redis.call('HGET', GROUPS, field)
    local hasRoom = true
    if packed then
      local oldRows, oldLow, oldHigh, oldRest = packed:match('^(%d+)\t([^\t]*)\t([^\t]*)\t(.*)$')
      rows = integer(tonumber(oldRows) + tonumber(rows))
      low, high, rest = outermost(oldLow, low, true), outermost(oldHigh, high, false), oldRest
    else
      local inTable, inRun = unpack(redis.call('HMGET', GROUPS, tableIndex .. ' #', 'all #'))
      hasRoom = tonumber(inTable or 0) < tableMax and tonumber(inRun or 0) < runMax
      if hasRoom then
        redis.call('HINCRBY', GROUPS, tableIndex .. ' #', 1)
        redis.call('HINCRBY', GROUPS, 'all #', 1)
      end
    end
    if hasRoom then redis.call('HSET', GROUPS, field, table.concat({ rows, low, high, rest }, '\t'))
    else beyond = beyond + tonumber(rows) end
  end
  return beyond
end

local function recordFailure(shard, tableIndex, failure, keptMax)
  local total = redis.call('HINCRBY', RUN, 'failures', 1)
  if total <= tonumber(keptMax) then
    redis.call('RPUSH', FAILURES, shard .. '\n' .. tableIndex .. '\n' .. failure)
  end
end
