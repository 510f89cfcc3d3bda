-- request: held = { { token, run, hosts } }, gone = { token }. What this process holds now, and no longer; a grant that was lost,
-- or that ended while the process stood still, is there again: its statement still runs.
begin()
for _, token in ipairs(request.gone) do
  redis.call('HDEL', GRANTS, token)
  redis.call('HDEL', WAITING, token)
end
for _, one in ipairs(request.held) do
  local grant = { run = one.run, hosts = one.hosts, ['until'] = now + request.grantMs }
  redis.call('HSET', GRANTS, one.token, cjson.encode(grant))
end
keep()
return { 'told' }
