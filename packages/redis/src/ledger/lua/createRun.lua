-- ARGV: run id, spec, now, version, generation, direction, window, trace or ''. Creates the run once; answers what is there.
local runId, spec, now, version, generation, direction, window, trace = unpack(ARGV)
if redis.call('EXISTS', RUN) == 1 then return { 'exists', redis.call('HGETALL', RUN) } end
redis.call('HSET', RUN, 'version', version, 'runId', runId, 'spec', spec, 'state', 'accepted', 'cancelRequested', '0',
  'pausedAt', '', 'pausedMs', '0',
  'generation', generation, 'direction', direction, 'window', window, 'planName', '', 'tableCount', '0', 'shards', '0', 'verdict', '', 'failure', '', 'createdAt', now, 'plannedAt', '', 'settledAt', '',
  'cursor', '0', 'failures', '0')
if trace ~= '' then redis.call('HSET', RUN, 'traceparent', trace) end
redis.call('ZADD', RUNS, now, runId)
redis.call('SADD', RUNS_OPEN, runId)
return { 'created' }
