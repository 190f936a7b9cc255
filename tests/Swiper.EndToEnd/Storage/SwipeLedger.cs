using System.Collections.Concurrent;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Storage;

/// <summary>What servers have acknowledged, and whether their shards agree.</summary>
internal sealed class SwipeLedger
{
    private readonly ConcurrentDictionary<(long Uid, long Sid), Acknowledged> _acknowledged = new();

    public int Count => _acknowledged.Count;

    public IEnumerable<KeyValuePair<(long Uid, long Sid), Acknowledged>> Entries => _acknowledged;

    /// <summary>What has been acknowledged so far; more may be meanwhile.</summary>
    public KeyValuePair<(long Uid, long Sid), Acknowledged>[] SoFar() => _acknowledged.ToArray();

    public bool IsAcknowledged(long uid, long sid) => _acknowledged.ContainsKey((uid, sid));

    /// <summary>Notes a reply. Of one swipe all replies must agree, whenever they come.</summary>
    /// <param name="uid">Who swiped.</param>
    /// <param name="sid">Whom.</param>
    /// <param name="kind">How.</param>
    /// <param name="reply">What was answered.</param>
    /// <param name="mustBeRepeated">It was acknowledged before this one was sent.</param>
    public void Note(long uid, long sid, SwipeKind kind, SwipeReply reply, bool mustBeRepeated)
    {
        Assert.True(reply.Repeated || !mustBeRepeated, $"{uid} -> {sid} was acknowledged, and then taken for new");
        var first = _acknowledged.GetOrAdd((uid, sid), new Acknowledged(kind, reply.Matched));
        Assert.True(first == new Acknowledged(kind, reply.Matched),
            $"{uid} -> {sid}: {first} was acknowledged, and now {kind}, matched {reply.Matched}");
    }

    /// <summary>Everything that follows from the swipes in the shards is there once, and nothing else.</summary>
    public void Verify(Truth truth)
    {
        foreach (var ((uid, sid), (kind, matched)) in _acknowledged)
        {
            Assert.True(truth.Swiped.TryGetValue((uid, sid), out var stored), $"{uid} -> {sid} was acknowledged and is lost");
            Assert.Equal(kind, stored);
            var completed = truth.Friends.TryGetValue((uid, sid), out var friendship) && friendship.Completer == uid;
            Assert.True(matched == completed,
                $"{uid} -> {sid} was told matched {matched}, and the shards say completer {friendship.Completer}");
        }

        VerifyWhole(truth);
        VerifyNumbers(truth);
    }

    /// <summary>Who likes each other are friends, both of them, and each was pushed what concerns them once.</summary>
    public static void VerifyWhole(Truth truth)
    {
        var mutual = truth.Swiped.Where(swipe =>
            Likes(swipe.Value) && truth.Swiped.TryGetValue((swipe.Key.Sid, swipe.Key.Uid), out var back) && Likes(back))
            .Select(swipe => swipe.Key).ToHashSet();
        foreach (var (uid, sid) in mutual)
        {
            Assert.True(truth.Friends.TryGetValue((uid, sid), out var friendship),
                $"{uid} and {sid} like each other, and {uid} has no friend");
            Assert.True(friendship.Completer == uid || friendship.Completer == sid);
            Assert.True(truth.Friends[(sid, uid)] == friendship, $"{uid} and {sid} remember their match differently");
        }
        Assert.True(mutual.SetEquals(truth.Friends.Keys), "somebody has a friend without liking and being liked");

        VerifyPushes(truth);
    }

    /// <summary>What each user's score must be.</summary>
    public static Dictionary<long, long> Scores(Truth truth) => truth.Swiped.GroupBy(swipe => swipe.Key.Sid)
        .ToDictionary(swipes => swipes.Key, swipes => swipes.Sum(swipe => (long)Points.For((Core.Social.SwipeKind)swipe.Value)));

    private static void VerifyPushes(Truth truth)
    {
        var expected = truth.Friends.Keys.Select(friend => (User: friend.Uid, Opcode.Matched, Subject: friend.Fid))
            .Concat(truth.Swiped.Where(swipe => swipe.Value == SwipeKind.Superlike)
                .Select(swipe => (User: swipe.Key.Sid, Opcode.Superliked, Subject: swipe.Key.Uid)))
            .GroupBy(push => push.User, push => (push.Item2, push.Subject))
            .ToDictionary(pushes => pushes.Key, pushes => pushes.ToHashSet());
        Assert.True(expected.Keys.ToHashSet().SetEquals(truth.Pushes.Keys),
            "somebody has a push who should have none, or none who should have one");
        foreach (var (uid, pushes) in truth.Pushes)
        {
            var due = expected[uid];
            Assert.True(pushes.Count == due.Count, $"{uid} was sent {pushes.Count} pushes instead of {due.Count}");
            Assert.True(due.SetEquals(pushes.Values), $"{uid} was sent something twice, or nothing of somebody");
        }
    }

    private static void VerifyNumbers(Truth truth)
    {
        foreach (var (uid, pushes) in truth.Pushes)
        {
            Assert.True(
                (pushes.Keys[0], pushes.Keys[^1]) == (1, pushes.Count),
                $"{uid} was sent {pushes.Keys[^1]} pushes instead of {pushes.Count}");
        }
    }

    private static bool Likes(SwipeKind kind) => kind != SwipeKind.Dislike;

    public readonly record struct Acknowledged(SwipeKind Kind, bool Matched);
}
