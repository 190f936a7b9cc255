using Swiper.Client;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Social;

/// <summary>What was pushed while nobody was there, frame by frame and as an app sees it.</summary>
public sealed class MissedPushesTests
{
    [Theory]
    [InlineData(false, "epoll")]
    [InlineData(true, "epoll")]
    [InlineData(false, "sockets")]
    [InlineData(true, "sockets")]
    public async Task The_reply_to_resume_comes_after_the_missed_pushes_however_often_one_looks(bool useTls, string transport)
    {
        const int Superlikes = 5;
        const int Connections = 4;
        const int OnOneConnection = 100;
        const int OnNewConnections = 25;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the epoll transport needs Linux");
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, Superlikes + 1);
        using var host = await TestHost.StartAsync(data, $"Listen:Transport={transport}");
        await SuperlikeAsync(host, await UidOfAsync(host, tokens[0]), tokens[1..]);

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            await using (var connection = await FrameConnection.OpenAsync(host, useTls))
            {
                for (var i = 0; i < OnOneConnection; i++)
                    await LookAsync(connection);
            }
            for (var i = 0; i < OnNewConnections; i++)
            {
                await using var connection = await FrameConnection.OpenAsync(host, useTls);
                await LookAsync(connection);
            }
        })));

        async Task LookAsync(FrameConnection connection)
        {
            var (before, reply) = await connection.ResumeAsync(tokens[0], lastPushSeq: 0);
            AssertPushes(Opcode.Superliked, 1, Superlikes, before);
            Assert.Equal(Superlikes, reply.PushSeq);
        }
    }

    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task The_push_of_a_match_comes_before_the_reply_to_the_swipe_that_completed_it(string transport)
    {
        const int Fans = 60;
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the epoll transport needs Linux");
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, Fans + 1);
        using var host = await TestHost.StartAsync(data, $"Listen:Transport={transport}");
        var me = await UidOfAsync(host, tokens[0]);
        var fans = await host.SignInAsync(tokens[1..]);
        await Task.WhenAll(fans.Select(fan => fan.SwipeAsync(me, SwipeKind.Like).AsTask()));

        await using var connection = await FrameConnection.OpenAsync(host);
        await connection.ResumeAsync(tokens[0], lastPushSeq: null);
        var first = await connection.SendAsync(
            Opcode.Swipe,
            [.. fans.Select(fan => (WriteValues)((ref args) => new SwipeRequest(fan.Uid!.Value, SwipeKind.Like).Write(ref args)))]);
        var matched = new HashSet<long>();
        for (var replies = 0; replies < Fans;)
        {
            var frame = await connection.NextAsync();
            var fields = new FieldReader(frame.Content);
            if (frame.Type == Envelope.PushType)
            {
                Assert.Equal((uint)Opcode.Matched, frame.Id);
                matched.Add(PersonPush.Read(ref fields).Uid);
                continue;
            }
            replies++;
            Assert.True(SwipeReply.Read(ref fields).Matched);
            Assert.Contains(fans[frame.Id - first].Uid!.Value, matched);
        }
        await fans.DisposeAllAsync();
    }

    [Fact]
    public async Task Whoever_had_no_push_yet_hears_of_a_superlike_made_while_away()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2);
        using var host = await TestHost.StartAsync(data);
        LoginReply login;
        await using (var device = await FrameConnection.OpenAsync(host))
        {
            var phone = Outbox.NewPhone();
            await device.AskAsync(Opcode.RequestCode, (ref args) => new RequestCodeRequest(phone).Write(ref args));
            var code = host.NewestCode(phone);
            var frames = await device.AskAsync(Opcode.Login, (ref args) => new LoginRequest(phone, code).Write(ref args));
            login = Read<LoginReply>(Assert.Single(frames));
        }
        Assert.Equal(0, login.PushSeq);
        await SuperlikeAsync(host, login.Uid, tokens);

        await using var back = await FrameConnection.OpenAsync(host);
        // Who does not say what has arrived is told nothing but where live pushes go on.
        var (before, reply) = await back.ResumeAsync(login.Token, lastPushSeq: null);
        Assert.Empty(before);
        Assert.Equal(2, reply.PushSeq);
        (before, reply) = await back.ResumeAsync(login.Token, login.PushSeq);
        AssertPushes(Opcode.Superliked, 1, 2, before);
        Assert.Equal(2, reply.PushSeq);
    }

    [Fact]
    public async Task Another_device_goes_on_where_the_sign_in_says()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2);
        using var host = await TestHost.StartAsync(data);
        var phone = Outbox.NewPhone();
        await using var first = await host.ConnectAsync();
        var uid = (await host.SignInAsync(first, phone)).Uid;
        await SuperlikeAsync(host, uid, tokens[..1]);
        await first.DisposeAsync();

        await using var second = await host.ConnectAsync();
        Assert.Equal(1, (await second.ResumeAsync(first.Token!)).PushSeq);
        await using var pushes = new PushInbox(second);
        await SuperlikeAsync(host, uid, tokens[1..]);
        Assert.Equal(2, (await pushes.NextAsync<SwiperPush.Superliked>()).Seq);
    }

    [Fact]
    public async Task A_seq_from_before_a_backup_was_restored_is_told_and_live_pushes_go_on_from_the_servers()
    {
        using var data = new ScratchFolder("end-to-end");
        using var backup = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 6);
        long uid;
        using (var host = await TestHost.StartAsync(data))
        {
            uid = await UidOfAsync(host, tokens[0]);
            await SuperlikeAsync(host, uid, tokens[1..2]);
            Assert.Equal(0, await host.TerminateAsync());
        }
        Copy(data, backup);
        long seen;
        using (var host = await TestHost.StartAsync(data))
        {
            await SuperlikeAsync(host, uid, tokens[2..4]);
            await using var client = await host.ConnectAsync();
            seen = (await client.ResumeAsync(tokens[0])).PushSeq;
            Assert.Equal(3, seen);
        }

        using var restored = await TestHost.StartAsync(backup);
        await using (var connection = await FrameConnection.OpenAsync(restored))
        {
            var (before, reply) = await connection.ResumeAsync(tokens[0], seen);
            var missed = Assert.Single(before);
            Assert.Equal(((uint)Opcode.Missed, 1L), (missed.Id, missed.Code));
            Assert.Equal(new MissedPush(1, 1), Read<MissedPush>(missed));
            Assert.Equal(1, reply.PushSeq);
        }
        await using var back = await restored.ConnectAsync();
        await using var pushes = new PushInbox(back);
        Assert.Equal(1, (await back.ResumeAsync(tokens[0], seen)).PushSeq);
        Assert.Equal(new SwiperPush.Missed(1, 1, 1), await pushes.NextAsync());
        await SuperlikeAsync(restored, uid, tokens[4..]);
        Assert.Equal(2, (await pushes.NextAsync<SwiperPush.Superliked>()).Seq);
        Assert.Equal(3, (await pushes.NextAsync<SwiperPush.Superliked>()).Seq);
    }

    [Fact]
    public async Task The_last_two_hundred_are_sent_and_those_before_them_are_reported()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, IPushRepository.Kept + 2);
        using var host = await TestHost.StartAsync(data);
        await AssertLastTwoHundredAsync(tokens, host);
    }

    [Fact]
    public async Task The_end_of_a_friendship_is_sent_as_it_was_pushed()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2);
        using var host = await TestHost.StartAsync(data);
        await AssertUnmatchedAsync(tokens, host);
    }

    /// <summary>A user is pushed 201 superlikes while away, and comes back to each of the hosts in turn.</summary>
    internal static async Task AssertLastTwoHundredAsync(string[] tokens, params ChildHost[] hosts)
    {
        const int Kept = IPushRepository.Kept;
        var uid = await UidOfAsync(hosts[0], tokens[0]);
        await SuperlikeAsync(hosts[^1], uid, tokens[1..^1]);
        foreach (var host in hosts)
        {
            await using var connection = await FrameConnection.OpenAsync(host);
            AssertPushes(Opcode.Superliked, 1, Kept, (await connection.ResumeAsync(tokens[0], lastPushSeq: 0)).Before);
        }

        await SuperlikeAsync(hosts[0], uid, tokens[^1..]);
        foreach (var host in hosts)
        {
            await using var connection = await FrameConnection.OpenAsync(host);
            var (before, reply) = await connection.ResumeAsync(tokens[0], lastPushSeq: 0);
            Assert.Equal(new MissedPush(1, 1), Read<MissedPush>(before[0]));
            AssertPushes(Opcode.Missed, 1, 1, before[..1]);
            AssertPushes(Opcode.Superliked, 2, Kept + 1, before[1..]);
            Assert.Equal(Kept + 1, reply.PushSeq);
            AssertPushes(Opcode.Superliked, 2, Kept + 1, (await connection.ResumeAsync(tokens[0], lastPushSeq: 1)).Before);
            AssertPushes(Opcode.Superliked, Kept + 1, Kept + 1, (await connection.ResumeAsync(tokens[0], lastPushSeq: Kept)).Before);
            Assert.Empty((await connection.ResumeAsync(tokens[0], lastPushSeq: Kept + 1)).Before);
        }
    }

    /// <summary>A friend leaves while the user is away, who comes back to each of the hosts in turn.</summary>
    internal static async Task AssertUnmatchedAsync(string[] tokens, params ChildHost[] hosts)
    {
        await using var ann = await hosts[0].ConnectAsync();
        await using (var bob = await hosts[^1].ConnectAsync())
        {
            await ann.ResumeAsync(tokens[0]);
            await bob.ResumeAsync(tokens[1]);
            await ann.SwipeAsync(bob.Uid!.Value, SwipeKind.Like);
            Assert.True((await bob.SwipeAsync(ann.Uid!.Value, SwipeKind.Like)).Matched);
            await ann.UnfriendAsync(bob.Uid!.Value);
            await using var pushes = new PushInbox(bob);
            Assert.Equal(ann.Uid, (await pushes.NextAsync<SwiperPush.Matched>()).Uid);
            Assert.Equal(new SwiperPush.Unmatched(2, ann.Uid!.Value), await pushes.NextAsync());
        }

        foreach (var host in hosts)
        {
            await using var connection = await FrameConnection.OpenAsync(host);
            var (before, _) = await connection.ResumeAsync(tokens[1], lastPushSeq: 1);
            AssertPushes(Opcode.Unmatched, 2, 2, before);
            Assert.Equal(ann.Uid, Read<UnmatchedPush>(before[0]).Uid);
        }
    }

    private static async Task<long> UidOfAsync(ChildHost host, string token)
    {
        await using var client = await host.ConnectAsync();
        return (await client.ResumeAsync(token)).Uid;
    }

    private static async Task SuperlikeAsync(ChildHost host, long uid, string[] tokens)
    {
        var clients = await host.SignInAsync(tokens);
        foreach (var client in clients)
            await client.SwipeAsync(uid, SwipeKind.Superlike);
        await clients.DisposeAllAsync();
    }

    internal static void AssertPushes(Opcode opcode, long from, long to, IEnumerable<ServerFrame> frames) =>
        Assert.Equal(
            Enumerable.Range((int)from, (int)(to - from + 1)).Select(seq => (Envelope.PushType, (uint)opcode, (long)seq)),
            frames.Select(frame => (frame.Type, frame.Id, frame.Code)));

    private static T Read<T>(ServerFrame frame)
        where T : IPayload<T>
    {
        var fields = new FieldReader(frame.Content);
        var read = T.Read(ref fields);
        Assert.Null(fields.Problem);
        return read;
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
