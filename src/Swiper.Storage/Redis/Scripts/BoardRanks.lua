-- ARGV: how many questions, then each: board, uid, the user's group where this server has it or '', else the user's place or ''; then
-- groups.
-- Answers the report of Ranking.lua and, where that is empty, for each question: the user's place ('' where there is no rank), how many of
-- these groups stand above.

local BOARD_AT = 2
local groups_at = BOARD_AT + 4 * tonumber(ARGV[1])
-- Only for the report and to be ranked: which boards are asked about differs from question to question.
local _, report = parts_of('', ARGV, groups_at)
if #report > 0 then
    return { report }
end

local keys_of = {}
local function keys_of_board(board)
    local keys = keys_of[board]
    if not keys then
        keys = {}
        for i = groups_at, #ARGV do
            keys[#keys + 1] = prefix_of(ARGV[i]) .. 'board:' .. board
        end
        keys_of[board] = keys
    end
    return keys
end

local function count_above(keys, uid, place)
    local from, to, better = '(' .. place, '+inf', 0
    if tonumber(place) < 0 then
        to = '(0'
        for _, key in ipairs(keys) do
            better = better + redis.call('ZCOUNT', key, SCORE_UNIT, '+inf')
        end
    end
    for _, key in ipairs(keys) do
        better = better + redis.call('ZCOUNT', key, from, to)
        for _, other in ipairs(redis.call('ZRANGEBYSCORE', key, place, place)) do
            if is_smaller(other, uid) then
                better = better + 1
            end
        end
    end
    return better
end

local answer = {}
for i = BOARD_AT, groups_at - 1, 4 do
    local board, uid, home, place = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    if home ~= '' then
        place = redis.call('ZSCORE', prefix_of(home) .. 'board:' .. board, uid) or ''
    end
    local number, better = tonumber(place), 0
    if not number or (number >= 0 and number < SCORE_UNIT) then
        place = ''
    else
        better = count_above(keys_of_board(board), uid, place)
    end
    answer[#answer + 1] = place
    answer[#answer + 1] = better
end
return { report, answer }
