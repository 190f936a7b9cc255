using System.Net.Sockets;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Load.Wire;

namespace Swiper.Load.Neighbour;

/// <summary>
/// All attacks: those of one kind of request, each at its dearest args, and those of connections. Of requests only logout is none: it ends
/// the token that the attacker has.
/// </summary>
internal static class Attacks
{
    private const int LargeText = 60 * 1024;
    private const int LargestReport = 1000;
    private const int FarthestKm = 20_038;

    // Of each that friends are made for, so that a page and a search for friends in common find more than they may look at.
    private const int MostFriends = 1_500;

    // What a host's quotas do not allow within it is left out.
    private static readonly TimeSpan PreparationTime = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("nothing", static (_, stop) => Task.WhenAny(Task.Delay(Timeout.Infinite, stop))),
        // Before anybody is swiped or blocked by what follows.
        Requests("friends", Page(Opcode.Friends)) with { PrepareAsync = BefriendAsync },
        new("friend", static target => Of(Opcode.Friend, target.Strangers)) { PrepareAsync = BefriendAsync },
        new("common friends", static target => CommonFriends(target.Strangers[0])) { PrepareAsync = BefriendAsync },
        new("unfriend", static target => Of(Opcode.Unfriend, target.Strangers)) { PrepareAsync = BefriendAsync },
        Requests("empty decks", Deck(100, why: true)) with { PrepareAsync = LookForNobodyAsync },
        Requests("decks that explain themselves", Deck(100, why: true)) with { PrepareAsync = LookEverywhereAsync },
        new("empty decks, then gone", LeaveAsync) { PrepareAsync = LookForNobodyAsync },
        new("decks while people move", MoveAsync) { PrepareAsync = LookForNobodyAsync },
        Requests("liked_me, all answered", Page(Opcode.LikedMe)) with { PrepareAsync = AnswerLikesAsync },
        new("strangers' profiles", static target => Of(Opcode.Profile, target.Strangers)),
        new("swipes", static target => Of(Opcode.Swipe, target.Strangers, SwipeKind.Dislike)),
        Requests("decks of one who has swiped everybody", Deck(100, why: true)) with { PrepareAsync = SwipeEverybodyAsync },
        new("unblock", static target => Of(Opcode.Unblock, target.Strangers)),
        new("reports", static target => Report(target.Strangers)),
        new("blocks", static target => Of(Opcode.Block, target.Strangers)) { PrepareAsync = LookEverywhereAsync },
        Requests("update_profile", UpdateProfile),
        Requests("large echoes", Echo),
        Requests("pings", Plain(Opcode.Ping)),
        Requests("own profile", Plain(Opcode.Profile)),
        Requests("blocked", Page(Opcode.Blocked)),
        Requests("devices", Plain(Opcode.Devices)),
        Requests("rewind", Plain(Opcode.Rewind)),
        Requests("undo_left", Plain(Opcode.UndoLeft)),
        Requests("vip_levels", Plain(Opcode.VipLevels)),
        Requests("my_vip", Plain(Opcode.MyVip)),
        Requests("top", Board(Opcode.Top)),
        Requests("rank_of", Plain(Opcode.RankOf)),
        Requests("around", Plain(Opcode.Around)),
        Requests("hello", Hello),
        Requests("sign_out of all others", Plain(Opcode.SignOut)),
        Requests("request_code of many phones", RequestCode),
        Requests("login with wrong codes", Login),
        new("resume", static target => Resume(target.Token)),
        new("bytes that drip", DripAsync),
        new("pings, then reset", ResetAsync),
    ];

    private static Attack Requests(string name, Func<int, byte[]> requestOf) => new(name, _ => requestOf);

    private static byte[] Frame(Opcode opcode, int number, RequestFrame.ArgsWriter args) =>
        RequestFrame.Of(opcode, RequestFrame.FirstId + (uint)number, args);

    private static Func<int, byte[]> Plain(Opcode opcode) => number =>
        Frame(opcode, number, static (ref args) => args.WriteArrayHeader(0));

    private static Func<int, byte[]> Deck(int count, bool why) => number =>
        Frame(Opcode.Deck, number, (ref args) =>
        {
            args.WriteArrayHeader(2);
            args.WriteInt64(count);
            args.WriteBoolean(why);
        });

    private static Func<int, byte[]> Page(Opcode opcode) => number => Frame(opcode, number, static (ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteNil();
        args.WriteInt64(100);
    });

    private static Func<int, byte[]> Board(Opcode opcode) => number => Frame(opcode, number, static (ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteString("all"u8);
        args.WriteInt64(100);
    });

    private static Func<int, byte[]> CommonFriends(long uid) => number => Frame(Opcode.CommonFriends, number, (ref args) =>
    {
        args.WriteArrayHeader(3);
        args.WriteInt64(uid);
        args.WriteNil();
        args.WriteInt64(100);
    });

    private static Func<int, byte[]> Of(Opcode opcode, long[] people) => number => Frame(opcode, number, (ref args) =>
    {
        args.WriteArrayHeader(1);
        args.WriteInt64(people[number % people.Length]);
    });

    private static Func<int, byte[]> Of(Opcode opcode, long[] people, SwipeKind kind) => number => Frame(opcode, number, (ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteInt64(people[number % people.Length]);
        args.WriteInt64((int)kind);
    });

    private static Func<int, byte[]> Resume(string token) => number => Frame(Opcode.Resume, number, (ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteString(token);
        args.WriteInt64(0);
    });

    private static Func<int, byte[]> Report(long[] people) => number =>
    {
        var frame = new byte[LargestReport + 64];
        var args = RequestFrame.Begin(frame, Opcode.Report, RequestFrame.FirstId + (uint)number);
        args.WriteArrayHeader(3);
        args.WriteInt64(people[number % people.Length]);
        args.WriteInt64((int)ReportReason.Spam);
        args.WriteString(new string('x', LargestReport));
        return frame[..RequestFrame.End(frame, ref args)];
    };

    private static byte[] Hello(int number) => Frame(Opcode.Hello, number, static (ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteInt64(1);
        args.WriteString(new string('x', 100));
    });

    private static byte[] RequestCode(int number) => Frame(Opcode.RequestCode, number, (ref args) =>
    {
        args.WriteArrayHeader(1);
        args.WriteString(PhoneOf(number));
    });

    private static byte[] Login(int number) => Frame(Opcode.Login, number, (ref args) =>
    {
        args.WriteArrayHeader(2);
        args.WriteString(PhoneOf(number));
        args.WriteString("000000"u8);
    });

    private static string PhoneOf(int number) => $"+1999{number:0000000}";

    private static byte[] UpdateProfile(int number) => Frame(Opcode.UpdateProfile, number, (ref args) =>
    {
        args.WriteArrayHeader(1);
        args.WriteMapHeader(2);
        args.WriteString("lat"u8);
        args.WriteDouble(number % 160 - 80);
        args.WriteString("lon"u8);
        args.WriteDouble(number % 340 - 170);
    });

    private static byte[] Echo(int number)
    {
        var frame = new byte[LargeText + 64];
        var args = RequestFrame.Begin(frame, Opcode.Echo, RequestFrame.FirstId + (uint)number);
        args.WriteArrayHeader(1);
        args.WriteBinary(new byte[LargeText]);
        return frame[..RequestFrame.End(frame, ref args)];
    }

    private static async Task<SwiperClient> ClientAsync(AttackTarget target, string token)
    {
        var client = await SwiperClient.ConnectAsync(Neighbours.OptionsFor(target.EndPoint));
        await client.ResumeAsync(token);
        return client;
    }

    private static Task LookForNobodyAsync(AttackTarget target) => LookAsync(target, minAge: 119);

    private static Task LookEverywhereAsync(AttackTarget target) => LookAsync(target, minAge: 18);

    private static async Task LookAsync(AttackTarget target, int minAge)
    {
        await using var client = await ClientAsync(target, target.Token);
        var change = new ProfileChange { MinAge = minAge, MaxAge = 120, MaxDistance = FarthestKm };
        // The attack before may have used up what the account may write.
        while (await client.TryUpdateProfileAsync(change) is { IsOk: false, Failure: var failure })
            await Task.Delay(failure.RetryAfter ?? throw new SwiperException(failure));
    }

    // The attacker and the first of the strangers are friends; both have many others, and none in common.
    private static async Task BefriendAsync(AttackTarget target)
    {
        await using var attacker = await ClientAsync(target, target.Token);
        if ((await attacker.FriendsAsync(limit: 1)).Friends.Count > 0)
            return;
        await using var first = await ClientAsync(target, target.Friends[0]);
        var count = Math.Min(MostFriends, target.Strangers.Length / 2);
        await MatchAsync(target, attacker, 0, count);
        await MatchAsync(target, first, count, count);
    }

    private static async Task MatchAsync(AttackTarget target, SwiperClient client, int begin, int count)
    {
        var me = (await client.ProfileAsync()).Uid;
        await PrepareEachAsync(Enumerable.Range(begin, count), async (number, stop) =>
        {
            await using var other = await ClientAsync(target, target.Friends[number]);
            await SwipeAsync(other, me, SwipeKind.Like, stop);
            await SwipeAsync(client, target.Strangers[number], SwipeKind.Like, stop);
        });
    }

    private static async Task SwipeEverybodyAsync(AttackTarget target)
    {
        await LookEverywhereAsync(target);
        await using var attacker = await ClientAsync(target, target.Token);
        await PrepareEachAsync(
            target.Strangers, async (uid, stop) => await SwipeAsync(attacker, uid, SwipeKind.Dislike, stop));
    }

    // Again, where the quota says when; those who were swiped before stay so.
    private static async Task SwipeAsync(SwiperClient client, long uid, SwipeKind kind, CancellationToken stop)
    {
        while (await client.TrySwipeAsync(uid, kind, stop) is { IsOk: false, Failure: { RetryAfter: { } wait } })
            await Task.Delay(wait, stop);
    }

    private static async Task PrepareEachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, ValueTask> prepareAsync)
    {
        using var end = new CancellationTokenSource(PreparationTime);
        try
        {
            await Parallel.ForEachAsync(
                all, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = end.Token }, prepareAsync);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // As much as the time allowed.
        }
    }

    // Everybody likes the attacker, who has answered all of them.
    private static async Task AnswerLikesAsync(AttackTarget target)
    {
        await using var attacker = await ClientAsync(target, target.Token);
        var me = (await attacker.ProfileAsync()).Uid;
        await Parallel.ForEachAsync(target.Friends, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (token, stop) =>
        {
            await using var friend = await ClientAsync(target, token);
            await SwipeAsync(friend, me, SwipeKind.Like, stop);
        });
        await Task.WhenAll(target.Strangers.Select(uid => attacker.TrySwipeAsync(uid, SwipeKind.Dislike).AsTask()));
    }

    private static Task MoveAsync(AttackTarget target, CancellationToken stop) => Flood.RunAsync(
        target, number => number % 2 == 0 ? UpdateProfile(number) : Deck(100, why: true)(number), stop);

    // As many connections as an account may have ask for as much as a host takes, and are closed before it is done.
    private static async Task LeaveAsync(AttackTarget target, CancellationToken stop)
    {
        byte[] requests = [.. Enumerable.Range(0, Flood.InFlight).SelectMany(number => Deck(100, why: true)(number))];
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAll(Enumerable.Range(0, Flood.Connections).Select(_ => TryAsync(async () =>
            {
                using var socket = await Flood.SignInAsync(target.EndPoint, target.Token, CancellationToken.None);
                await socket.SendAsync(requests);
                await Task.Delay(20, CancellationToken.None);
            })));
        }
    }

    private static Task DripAsync(AttackTarget target, CancellationToken stop)
    {
        const int Drippers = 500;
        var frame = Plain(Opcode.Ping)(0);
        return Task.WhenAll(Enumerable.Range(0, Drippers).Select(_ => RepeatAsync(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(target.EndPoint, stop);
            while (true)
            {
                foreach (var single in frame)
                {
                    await socket.SendAsync(new[] { single }, stop);
                    await Task.Delay(20, stop);
                }
            }
        }, stop)));
    }

    private static Task ResetAsync(AttackTarget target, CancellationToken stop)
    {
        const int Pings = 7_000;
        byte[] pings = [.. Enumerable.Range(0, Pings).SelectMany(Plain(Opcode.Ping))];
        return Task.WhenAll(Enumerable.Range(0, 2).Select(_ => RepeatAsync(async () =>
        {
            using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) })
            {
                await socket.ConnectAsync(target.EndPoint, stop);
                await socket.SendAsync(pings, stop);
            }
            await Task.Delay(3, stop);
        }, stop)));
    }

    private static async Task RepeatAsync(Func<Task> act, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await TryAsync(act);
    }

    private static async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // Cut off, or stopped.
        }
    }
}
