using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Tools.Demo;

/// <summary>
/// A robot's evening: it draws decks and swipes everyone on them, paced so that it has met everyone near the end; between decks it looks
/// at profiles and at the leaderboard.
/// </summary>
internal sealed class Robot(Person person, Evening evening, int peopleToMeet, int seed)
{
    private const int DeckSize = 10;

    private readonly Random _random = new(seed);
    private readonly List<long> _met = [];

    public async Task SpendAsync()
    {
        while (!evening.IsOver && !person.IsLost)
        {
            if (evening.IsEarlyFor((double)_met.Count / peopleToMeet) || !await MeetAsync())
                await LookAroundAsync();
        }
    }

    /// <summary>
    /// What it does once the evening is over: it regrets its last swipe, looks at its friends, parts with one, and keeps somebody away for
    /// a while.
    /// </summary>
    public async Task LookBackAsync(Tally tally)
    {
        var client = person.Client;
        await person.AskAsync(Opcode.MyVip, client.TryMyVipAsync());
        await person.AskAsync(Opcode.VipLevels, client.TryVipLevelsAsync());
        await person.AskAsync(Opcode.Devices, client.TryDevicesAsync());
        await person.AskAsync(Opcode.LikedMe, client.TryLikedMeAsync());
        var left = await person.AskAsync(Opcode.UndoLeft, client.TryUndoLeftAsync());
        if (left is { IsOk: true, Value.RewindsLeft: > 0 })
        {
            var rewound = await person.AskAsync(
                Opcode.Rewind, client.TryRewindAsync(), StatusCode.NothingToRewind, StatusCode.RewindTooLate);
            tally.CountRewind(rewound.IsOk);
        }

        // A friend may part with this one meanwhile.
        var friends = await person.AskAsync(Opcode.Friends, client.TryFriendsAsync());
        if (friends is { IsOk: true, Value.Friends: { Count: > 0 } found })
        {
            await person.AskAsync(Opcode.Friend, client.TryFriendAsync(found[0].Uid), StatusCode.NotFriends);
            await person.AskAsync(Opcode.CommonFriends, client.TryCommonFriendsAsync(found[0].Uid), StatusCode.NotFriends);
            if (found.Count > 1)
                tally.CountParting((await person.AskAsync(
                    Opcode.Unfriend, client.TryUnfriendAsync(found[^1].Uid), StatusCode.NotFriends)).IsOk);
        }

        var friendUids = friends.IsOk ? friends.Value.Friends.Select(friend => friend.Uid) : [];
        if (_met.Except(friendUids).FirstOrDefault() is var stranger and not 0)
        {
            await person.AskAsync(Opcode.Block, client.TryBlockAsync(stranger));
            await person.AskAsync(Opcode.Blocked, client.TryBlockedAsync());
            await person.AskAsync(Opcode.Unblock, client.TryUnblockAsync(stranger));
        }
    }

    // A whole deck is swiped at once; the requests of one user take effect in order anyway.
    private async Task<bool> MeetAsync()
    {
        var deck = await person.AskAsync(Opcode.Deck, person.Client.TryDeckAsync(DeckSize));
        if (!deck.IsOk || deck.Value.People.Count == 0)
            return false;
        await Task.WhenAll(deck.Value.People.Select(candidate => person.SwipeAsync(candidate.Uid, Decide(candidate))));
        _met.AddRange(deck.Value.People.Select(candidate => candidate.Uid));
        return true;
    }

    private Task LookAroundAsync()
    {
        var subject = _met.Count == 0 ? person.Uid : _met[_random.Next(_met.Count)];
        return Task.WhenAll(
            person.AskAsync(Opcode.Profile, person.Client.TryProfileAsync(subject)),
            person.AskAsync(Opcode.Profile, person.Client.TryProfileAsync()),
            person.AskAsync(Opcode.Top, person.Client.TryTopAsync(BoardName.Day, 10)),
            person.AskAsync(Opcode.RankOf, person.Client.TryRankOfAsync()));
    }

    private SwipeKind Decide(DeckPerson candidate)
    {
        var attraction = candidate.SuperlikedMe ? 0.8 : Charm(candidate.Uid);
        return _random.NextDouble() switch
        {
            < 0.03 => SwipeKind.Superlike,
            var mood when mood < attraction => SwipeKind.Like,
            _ => SwipeKind.Dislike,
        };
    }

    // All robots have the same taste, so some people become hot: 0.2 to 0.8, with the golden ratio as the source of randomness.
    private static double Charm(long uid) => 0.2 + 0.6 * ((ulong)uid * 0x9E3779B97F4A7C15 >> 56) / 255;
}
