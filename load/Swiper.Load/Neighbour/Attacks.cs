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

    public static IReadOnlyList<Attack> All { get; } =
    [
        new("nothing", static (_, stop) => Task.WhenAny(Task.Delay(Timeout.Infinite, stop))),
        Requests("empty decks", Deck(100, why: true)) with { PrepareAsync = LookForNobodyAsync },
        Requests("decks that explain themselves", Deck(100, why: true)) with { PrepareAsync = LookEverywhereAsync },
        new("empty decks, then gone", LeaveAsync) { PrepareAsync = LookForNobodyAsync },
        new("decks while people move", MoveAsync) { PrepareAsync = LookForNobodyAsync },
        Requests("liked_me, all answered", Page(Opcode.LikedMe)) with { PrepareAsync = AnswerLikesAsync },
        new("strangers' profiles", (target, stop) => Flood.RunAsync(target, Of(Opcode.Profile, target.Strangers), stop)),
        new("swipes", (target, stop) => Flood.RunAsync(target, Of(Opcode.Swipe, target.Strangers, SwipeKind.Dislike), stop)),
        new("friend", (target, stop) => Flood.RunAsync(target, Of(Opcode.Friend, target.Strangers), stop)),
        new("unfriend", (target, stop) => Flood.RunAsync(target, Of(Opcode.Unfriend, target.Strangers), stop)),
        new("unblock", (target, stop) => Flood.RunAsync(target, Of(Opcode.Unblock, target.Strangers), stop)),
        new("reports", (target, stop) => Flood.RunAsync(target, Report(target.Strangers), stop)),
        new("blocks", (target, stop) => Flood.RunAsync(target, Of(Opcode.Block, target.Strangers), stop))
        {
            PrepareAsync = LookEverywhereAsync,
        },
        new("common friends", (target, stop) => Flood.RunAsync(target, Of(Opcode.CommonFriends, target.Strangers), stop)),
        Requests("update_profile", UpdateProfile),
        Requests("large echoes", Echo),
        Requests("pings", Plain(Opcode.Ping)),
        Requests("own profile", Plain(Opcode.Profile)),
        Requests("friends", Page(Opcode.Friends)),
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
        new("resume", (target, stop) => Flood.RunAsync(target, Resume(target.Token), stop)),
        new("bytes that drip", DripAsync),
        new("pings, then reset", ResetAsync),
    ];

    private static Attack Requests(string name, Func<int, byte[]> requestOf) =>
        new(name, (target, stop) => Flood.RunAsync(target, requestOf, stop));

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

    // Everybody likes the attacker, who has answered all of them.
    private static async Task AnswerLikesAsync(AttackTarget target)
    {
        await using var attacker = await ClientAsync(target, target.Token);
        var me = (await attacker.ProfileAsync()).Uid;
        await Parallel.ForEachAsync(target.Friends, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (token, stop) =>
        {
            await using var friend = await ClientAsync(target, token);
            await friend.SwipeAsync(me, SwipeKind.Like, stop);
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
