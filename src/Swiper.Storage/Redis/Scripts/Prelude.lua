-- What all scripts share; it stands before each of them. Keys are built here rather than declared: one call reaches all groups of a
-- server.

-- Which process this is: new at every start, and another on every replica.
local function run_id()
    return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end

local function prefix_of(group)
    return '{' .. group .. '}:'
end

-- Whether the group's index was built on this very process. An error (the group lives elsewhere) comes back as second value.
local function is_trusted(prefix, run)
    local built_on = redis.pcall('GET', prefix .. 'index')
    if type(built_on) == 'table' then
        return false, built_on
    end
    return built_on == run
end

-- A place on a board is one number: score * 2^40 + (2^40 - 1 - ms from 2024-01-01 to when it was reached), so that a higher score stands
-- above, and of equal ones who reached it first. Past 2^13 points it takes more than a double's 53 bits; then the time is
-- rounded to a grain, never the score. A score of zero keeps its time and has no rank: it lies in [0, 2^40).
local SCORE_UNIT = 1099511627776
local EPOCH_2024 = 1704067200000

local function place_of(score, reached)
    local tie = SCORE_UNIT - 1 - (reached - EPOCH_2024)
    if tie < 0 then
        tie = 0
    elseif tie >= SCORE_UNIT then
        tie = SCORE_UNIT - 1
    end
    local size = score < 0 and -score or score
    if size >= 8192 then
        local grain = 1
        while size >= 8192 do
            size = size / 2
            grain = grain * 2
        end
        tie = tie - tie % grain
    end
    return score * SCORE_UNIT + tie
end

local function score_and_time(place)
    local score = math.floor(place / SCORE_UNIT)
    return score, EPOCH_2024 + SCORE_UNIT - 1 - (place - score * SCORE_UNIT)
end
