-- ARGV: shard, attempt, name of the last write, name of this write, checkpoint, counts, now, outcome ('' to commit
-- only), failure, most failures kept, rows that stayed unstable ('' when there is none), most of them that a run names,
-- what is read and not committed, confirmed differences to keep ('' when there is none), further ones that only count,
-- most that are kept of the table, and of the run; differences by the way in which they differ ('' when there is none),
-- further ones, and most groups of a table and of the run. A commit without a checkpoint is no progress: it clears no strikes.
-- Moves the checkpoint and adds the counts, to the shard and to the totals, together and once: a connection that drops
-- before the answer may send the same write again.
local shard, attempt, last, write, checkpoint, add, now, outcome, failure, keptMax, unstable, namedMax, pending,
  known, beyond, keepMax, runMax, groups, ungrouped, groupsMax, groupsInRunMax = unpack(ARGV)
local lines = readShard(shard)
if lines and lines[WRITE] == write then return { 'written' } end
if runIsOver() then return { 'over' } end
if not isHeld(lines, attempt, last) then return { 'fenced' } end

if checkpoint ~= '' then lines[CHECKPOINT], lines[STRIKES] = checkpoint, '0' end
addCounts(lines, add)
compareTo(now)
if unstable ~= '' then nameUnstable(lines[TABLE], unstable, namedMax) end
local left = tonumber(beyond)
if known ~= '' then left = left + keepKnown(lines[TABLE], known, tonumber(keepMax), tonumber(runMax)) end
if left > 0 then tally(lines[TABLE], 'beyond', integer(left)) end
local rest = tonumber(ungrouped)
if groups ~= '' then
  rest = rest + addGroups(lines[TABLE], groups, tonumber(groupsMax), tonumber(groupsInRunMax))
end
if rest > 0 then redis.call('HINCRBY', GROUPS, lines[TABLE] .. ' +', integer(rest)) end
lines[WRITE], lines[COMMITTED] = write, now
setPending(lines, pending)
if outcome ~= '' then
  lines[STATE], lines[OUTCOME], lines[FAILURE], lines[FINISHED] = 'done', outcome, failure, now
  tally(lines[TABLE], 'running', -1)
  tally(lines[TABLE], outcome, 1)
  redis.call('SREM', OPEN, shard)
  if failure ~= '' then recordFailure(shard, lines[TABLE], failure, keptMax) end
end
writeShard(shard, lines)
return { 'written' }
