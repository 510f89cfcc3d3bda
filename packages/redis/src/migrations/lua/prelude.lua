-- What every script of migrations begins with. KEYS: the migration, the set of all migrations, its newest run.
local MIGRATION, MIGRATIONS, NEWEST = KEYS[#KEYS - 2], KEYS[#KEYS - 1], KEYS[#KEYS]

local function record() return redis.call('HGETALL', MIGRATION) end

-- The keys of a script name the newest run, so they are right only while it is the newest.
local function hasRuns(runs) return redis.call('HGET', MIGRATION, 'runs') == runs end

local function newestIsOpen()
  local state = redis.call('HGET', NEWEST, 'state')
  return state and state ~= 'settled'
end
