using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IPushRepository"/> promises, and that what is stored is also pushed.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class PushContract(ClusterServers servers) : EngineContract(servers)
{
    [Theory, OnEveryEngine]
    public async Task A_match_and_a_superlike_are_pushed_to_the_devices_of_those_concerned_as_they_are_stored(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);
        Device[] anns = [SignIn(ann), SignIn(ann)];
        var bobs = SignIn(bob);

        await SwipeAsync(ann, bob, SwipeKind.Superlike, at: Recently.At);
        Assert.Equal(new StoredPush(1, Opcode.Superliked, ann, Recently.At), await bobs.NextAsync());
        await SwipeAsync(bob, ann, at: Recently.At + 123);
        Assert.Equal(new StoredPush(2, Opcode.Matched, ann, Recently.At + 123), await bobs.NextAsync());
        foreach (var device in anns)
            Assert.Equal(new StoredPush(1, Opcode.Matched, bob, Recently.At + 123), await device.NextAsync());

        Assert.Equal([1L, 2], (await PushesAsync(bob)).Select(push => push.Seq));
        Assert.Equal(Opcode.Matched, Assert.Single(await PushesAsync(ann)).Opcode);
    }

    [Theory, OnEveryEngine]
    public async Task Only_pushes_after_a_seq_are_read_and_numbers_go_on_after_a_restart(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(5);
        var me = people[0];
        for (var i = 1; i < 4; i++)
            await SwipeAsync(people[i], me, SwipeKind.Superlike);
        Assert.Empty(await PushesAsync(people[1]));
        Assert.Equal([2L, 3], (await PushesAsync(me, after: 1)).Select(push => push.Seq));
        Assert.Empty(await PushesAsync(me, after: 3));
        Assert.Empty(await PushesAsync(me, after: long.MaxValue));
        await AssertLastSeqAsync(people[1], 0);
        await AssertLastSeqAsync(me, 3);

        await ReopenAsync();
        await AssertLastSeqAsync(me, 3);
        await SwipeAsync(people[4], me, SwipeKind.Superlike);
        var pushes = await PushesAsync(me);
        Assert.Equal([1L, 2, 3, 4], pushes.Select(push => push.Seq));
        Assert.Equal(people[1..], pushes.Select(push => push.Subject));
    }

    [Theory, OnEveryEngine]
    public async Task Numbers_have_no_gap_and_the_last_two_hundred_are_kept(EngineKind engine)
    {
        await StartAsync(engine);
        const int superlikers = 250;
        var people = await NewPeopleAsync(superlikers + 1);
        var me = people[0];
        var device = SignIn(me);
        await Task.WhenAll(people[1..].Select(uid => Task.Run(() => SwipeAsync(uid, me, SwipeKind.Superlike))));

        var pushed = new List<StoredPush>();
        while (pushed.Count < superlikers)
            pushed.Add(await device.NextAsync());
        Assert.Equal(Enumerable.Range(1, superlikers).Select(seq => (long)seq), pushed.Select(push => push.Seq).Order());
        Assert.Equal(people[1..].Order(), pushed.Select(push => push.Subject).Order());
        Assert.Equal(pushed.OrderBy(push => push.Seq).Skip(superlikers - IPushRepository.Kept), await PushesAsync(me));
        await AssertLastSeqAsync(me, superlikers);
    }

    [Theory, OnEveryEngine]
    public async Task A_superlike_is_told_once_however_many_came_after_it_and_whatever_their_times(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(IPushRepository.Kept + 30);
        var (me, fans) = (people[0], people[1..]);
        // By clocks that differ, so that the order of their times is not that of the pushes.
        long At(int index) => Recently.At - (index * 7919 % 1000);
        var told = new long[fans.Length];
        for (var i = 0; i < fans.Length; i++)
        {
            await SwipeAsync(fans[i], me, SwipeKind.Superlike, At(i));
            // The engine may have given it a later time.
            told[i] = (await PushesAsync(me))[^1].At;
        }

        await QuietAsync();

        for (var i = 0; i < fans.Length; i += 3)
            await SuperlikeLateAsync(fans[i], me, told[i]);
        await QuietAsync();
        await AssertLastSeqAsync(me, fans.Length);
        Assert.Equal(fans.Length, await CountAsync("pushes"));
        Assert.Equal(fans[^IPushRepository.Kept..], (await PushesAsync(me)).Select(push => push.Subject));
    }

    [Theory, OnEveryEngine]
    public async Task The_first_push_is_kept_until_the_two_hundred_and_first_comes(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(IPushRepository.Kept + 2);
        var me = people[0];
        foreach (var fan in people[1..^1])
            await SwipeAsync(fan, me, SwipeKind.Superlike);
        Assert.Equal(Enumerable.Range(1, IPushRepository.Kept).Select(seq => (long)seq), (await PushesAsync(me)).Select(push => push.Seq));

        await SwipeAsync(people[^1], me, SwipeKind.Superlike);
        Assert.Equal(Enumerable.Range(2, IPushRepository.Kept).Select(seq => (long)seq), (await PushesAsync(me)).Select(push => push.Seq));
        await AssertLastSeqAsync(me, IPushRepository.Kept + 1);
    }

    [Theory, OnEveryEngine]
    public async Task A_push_with_a_payload_of_its_own_is_read_as_it_was_sent_and_keeps_its_place(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(3);
        var (ann, bob) = (people[0], people[1]);
        var device = SignIn(bob);
        await SwipeAsync(ann, bob, at: Now);
        await SwipeAsync(bob, ann, at: Now);
        Assert.True((await Engine.Friends.EndAsync(ann, bob, Now)).IsOk);
        StoredPush[] sent = [await device.NextAsync(), await device.NextAsync()];
        await SwipeAsync(people[2], bob, SwipeKind.Superlike);

        var read = await PushesAsync(bob);
        Assert.Equal([Opcode.Matched, Opcode.Unmatched, Opcode.Superliked], read.Select(push => push.Opcode));
        Assert.Equal([1L, 2, 3], read.Select(push => push.Seq));
        Assert.Equal((2, new UnmatchedPush(ann)), (sent[1].Seq, PayloadBytes.Read<UnmatchedPush>(sent[1].Data)));
        Assert.Equal(sent[1].Data, read[1].Data);
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_completes_a_match_is_pushed_it_before_the_answer(EngineKind engine)
    {
        await StartAsync(engine);
        const int fans = 50;
        var people = await NewPeopleAsync(fans + 1);
        var (me, others) = (people[0], people[1..]);
        var device = SignIn(me);
        foreach (var fan in others)
            await SwipeAsync(fan, me);
        var at = Now;
        foreach (var (fan, index) in others.Select((fan, index) => (fan, index)))
        {
            Assert.True((await device.ReplyAsync(Engine.Swipes.SwipeAsync(me, fan, SwipeKind.Like, at + index))).Matched);
            Assert.Equal(new StoredPush(index + 1, Opcode.Matched, fan, at + index), await device.NextAsync());
            Assert.Equal(Device.Replied, await device.NextAsync());
        }
    }

    private async Task AssertLastSeqAsync(long uid, long seq)
    {
        Assert.Equal(seq, await Engine.Pushes.ReadLastSeqAsync(uid));
        foreach (var after in new[] { 0, seq, seq + 1, long.MaxValue })
            Assert.Equal(seq, (await Engine.Pushes.ReadAfterAsync(uid, after)).LastSeq);
    }
}
