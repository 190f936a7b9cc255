using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Social;

public sealed class LikedMeTests
{
    [Fact]
    public async Task Pages_of_those_who_like_me_go_on_where_they_ended_whatever_happens_meanwhile_a_kill_included()
    {
        const int Likers = 12;
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, Likers + 3);
        var shown = new List<long>();
        string? cursor;
        long[] likers;
        using (var host = await TestHost.StartAsync(data))
        {
            var clients = await host.SignInAsync(tokens);
            var (me, late, hater) = (clients[0], clients[1], clients[2]);
            likers = [.. clients[3..].Select(client => client.Uid!.Value)];
            await hater.SwipeAsync(me.Uid!.Value, SwipeKind.Dislike);
            for (var i = 0; i < Likers; i++)
                await clients[3 + i].SwipeAsync(me.Uid!.Value, i == 0 ? SwipeKind.Superlike : SwipeKind.Like);

            var whole = await me.LikedMeAsync();
            Assert.Null(whole.NextCursor);
            Assert.Equal(likers.Order(), whole.Likes.Select(like => like.Uid).Order());
            Assert.Equal(whole.Likes.OrderByDescending(like => like.At).ThenByDescending(like => like.Uid), whole.Likes);
            Assert.Equal(SwipeKind.Superlike, whole.Likes.Single(like => like.Uid == likers[0]).Kind);

            var first = await me.LikedMeAsync(limit: 5);
            Assert.Equal(whole.Likes.Take(5), first.Likes);
            shown.AddRange(first.Likes.Select(like => like.Uid));
            cursor = first.NextCursor;

            // The one that the cursor names goes, and another comes.
            await me.SwipeAsync(first.Likes[^1].Uid, SwipeKind.Dislike);
            await late.SwipeAsync(me.Uid!.Value, SwipeKind.Like);
            Assert.Equal(late.Uid, (await me.LikedMeAsync(limit: 1)).Likes[0].Uid);
            Assert.DoesNotContain((await me.LikedMeAsync()).Likes, like => like.Uid == first.Likes[^1].Uid);
            await host.KillAsync();
            await clients.DisposeAllAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var again = await restarted.ConnectAsync();
        await again.ResumeAsync(tokens[0]);
        while (cursor is not null)
        {
            var page = await again.LikedMeAsync(cursor, limit: 5);
            shown.AddRange(page.Likes.Select(like => like.Uid));
            cursor = page.NextCursor;
        }
        Assert.Equal(likers.Order(), shown.Order());
    }

    [Fact]
    public async Task What_is_no_cursor_is_named_and_a_stranger_must_sign_in_first()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 1);
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.LoginRequired, (await client.TryLikedMeAsync()).Failure.Code);

        await client.ResumeAsync(tokens[0]);
        var refused = (await client.TryLikedMeAsync("anything")).Failure;
        Assert.Equal((StatusCode.BadParams, true), (refused.Code, refused.Message.StartsWith("cursor: ", StringComparison.Ordinal)));
        // As cursors were once.
        Assert.Equal(StatusCode.BadParams, (await client.TryLikedMeAsync("1.1")).Failure.Code);
    }
}
