-- ARGV: shard, holder, most strikes, now, name of this write, failure to record when the strikes are used up, most
-- failures kept, generation ('' for any). An attempt counts as a strike from its claim until it commits or releases.
local function aimOfRun() return redis.call('HMGET', RUN, 'planName', 'direction', 'generation') end

local shard, holder, strikesMax, now, write, failure, keptMax, generation = unpack(ARGV)
if redis.call('EXISTS', RUN) == 0 then return { 'unknown' } end
local lines = readShard(shard)
if lines and lines[WRITE] == write then
  return { 'claimed', redis.call('LINDEX', PLAN, shard), table.concat(lines, '\n'), unpack(aimOfRun()) }
end
if runIsOver() then return { 'over' } end
if generation ~= '' and redis.call('HGET', RUN, 'generation') ~= generation then return { 'over' } end
if runIsPaused() then return { 'paused' } end
local entry = redis.call('LINDEX', PLAN, shard)
if not entry then return { 'unknown' } end
lines = lines or { 'planned', '0', '0', '', linesOf(entry)[1], '', '', '', '', '', '', '', '', '' }
if lines[STATE] == 'done' then return { 'done' } end

local wasRunning = lines[STATE] == 'running'
if tonumber(lines[STRIKES]) >= tonumber(strikesMax) then
  lines[STATE], lines[OUTCOME], lines[FAILURE], lines[FINISHED] = 'done', 'inconclusive', failure, now
  setPending(lines, '')
  writeShard(shard, lines)
  if wasRunning then tally(lines[TABLE], 'running', -1) end
  tally(lines[TABLE], 'inconclusive', 1)
  redis.call('SREM', OPEN, shard)
  recordFailure(shard, lines[TABLE], failure, keptMax)
  return { 'exhausted' }
end

lines[STATE], lines[HOLDER], lines[WRITE] = 'running', holder, write
setPending(lines, '')
-- Rows up to the checkpoint were compared by an earlier attempt: its time stays.
if lines[CHECKPOINT] == '' then lines[CLAIMED] = now end
compareFrom(now)
lines[ATTEMPT] = integer(tonumber(lines[ATTEMPT]) + 1)
lines[STRIKES] = integer(tonumber(lines[STRIKES]) + 1)
if not wasRunning then tally(lines[TABLE], 'running', 1) end
return { 'claimed', entry, writeShard(shard, lines), unpack(aimOfRun()) }
