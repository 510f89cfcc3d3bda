-- Before createRun.lua of the ledger, whose ARGV come first; then: runs so far. The run is counted and created in one
-- step, in the direction of the stage of this moment.
local wantedNumber, wantedDirection, runsSoFar = ARGV[5], ARGV[6], ARGV[9]
local nowDirection = redis.call('HGET', MIGRATION, 'direction')
if not nowDirection then return { 'unknown' } end
if not hasRuns(runsSoFar) or nowDirection ~= wantedDirection then return { 'moved' } end
redis.call('HSET', MIGRATION, 'runs', wantedNumber)
if redis.call('EXISTS', RUN) == 1 then
  if redis.call('HGET', MIGRATION, 'ordered') == wantedNumber then
    redis.call('HINCRBY', MIGRATION, 'ordered', 1)
  end
  return { 'taken' }
end
redis.call('HSET', MIGRATION, 'begunAt', ARGV[3], 'ordered', '')
