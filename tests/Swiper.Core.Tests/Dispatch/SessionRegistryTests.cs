using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

public sealed class SessionRegistryTests
{
    private readonly SessionRegistry _registry = new();
    private long _seq;

    [Fact]
    public void Everybody_who_is_signed_in_is_listed_once_a_connection()
    {
        var connections = Enumerable.Range(0, 200).Select(_ => new TestConnection()).ToArray();
        foreach (var (connection, index) in connections.Select((connection, index) => (connection, index)))
            _registry.SignIn(connection.Session, new Identity(index / 2, TokenId: index, Expires: long.MaxValue));
        _registry.Remove(connections[7].Session);
        _registry.SignOut(uid: 5, tokenId: 11, SignedOutPush.SignedOut);
        Assert.Equal(
            Enumerable.Range(0, 200).Except([7, 11]).Select(index => new Identity(index / 2, index, long.MaxValue)),
            _registry.SignedIn().OrderBy(identity => identity.TokenId));
    }

    [Fact]
    public void A_push_reaches_every_connection_of_its_user_and_no_other()
    {
        var (phone, tablet, stranger) = (new TestConnection(), new TestConnection(), new TestConnection());
        _registry.SignIn(phone.Session, new Identity(1, 10, 0));
        _registry.SignIn(tablet.Session, new Identity(1, 11, 0));
        _registry.SignIn(stranger.Session, new Identity(65, 12, 0));
        Push(1);
        Assert.Equal((1, 1, 0), (phone.Received().Count, tablet.Received().Count, stranger.Received().Count));

        _registry.Remove(phone.Session);
        Assert.False(phone.Session.IsSignedIn);
        Push(1);
        Push(2);
        Assert.Equal((0, 1, 0), (phone.Received().Count, tablet.Received().Count, stranger.Received().Count));
    }

    [Fact]
    public void A_connection_that_signs_in_as_somebody_else_gets_the_pushes_of_that_one_only()
    {
        var connection = new TestConnection();
        _registry.SignIn(connection.Session, new Identity(1, 10, 0));
        _registry.SignIn(connection.Session, new Identity(2, 20, 0));
        Push(1);
        Assert.Empty(connection.Received());
        Push(2);
        Assert.Single(connection.Received());
        Assert.Equal(2, connection.Session.Uid);

        _registry.SignIn(connection.Session, new Identity(2, 21, 0));
        Push(2);
        Assert.Single(connection.Received());
    }

    [Fact]
    public void A_sign_out_is_for_the_one_it_was_meant_for()
    {
        var connection = new TestConnection();
        var (before, now) = (new Identity(1, 10, 0), new Identity(1, 11, 0));
        _registry.SignIn(connection.Session, before);
        _registry.SignIn(connection.Session, now);
        _registry.SignOut(connection.Session, before, "expired");
        Assert.Equal(now, connection.Session.Identity);
        Assert.Empty(connection.Received());

        _registry.SignOut(connection.Session, now, "expired");
        Assert.False(connection.Session.IsSignedIn);
        Assert.Equal("expired", Assert.Single(connection.Received()).Message);
        Push(1);
        Assert.Empty(connection.Received());
    }

    [Fact]
    public void A_revoked_token_signs_out_its_connections_and_tells_all_but_the_one_that_asked()
    {
        var (asker, other, otherToken) = (new TestConnection(), new TestConnection(), new TestConnection());
        _registry.SignIn(asker.Session, new Identity(1, 10, 0));
        _registry.SignIn(other.Session, new Identity(1, 10, 0));
        _registry.SignIn(otherToken.Session, new Identity(1, 11, 0));
        _registry.SignOut(1, 10, "logout", asker.Session);

        Assert.Equal((false, false, true), (asker.Session.IsSignedIn, other.Session.IsSignedIn, otherToken.Session.IsSignedIn));
        Assert.Empty(asker.Received());
        var push = Assert.Single(other.Received());
        Assert.Equal(((uint)Opcode.SignedOut, "logout"), (push.Id, push.Message));
        Assert.Empty(otherToken.Received());
    }

    [Fact]
    public async Task Logins_of_one_connection_on_many_threads_leave_it_with_one_user()
    {
        const int Rounds = 4_000;
        var cancelled = TestContext.Current.CancellationToken;
        var connection = new TestConnection();
        using var step = new Barrier(3);
        var threads = Enumerable.Range(1, 2).Select(uid => Task.Factory.StartNew(() =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                step.SignalAndWait(cancelled);
                _registry.SignIn(connection.Session, new Identity(uid, uid, 0));
                step.SignalAndWait(cancelled);
            }
        }, cancelled, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToList();

        var wrong = 0;
        for (var round = 0; round < Rounds; round++)
        {
            step.SignalAndWait(cancelled);
            step.SignalAndWait(cancelled);
            Push(1);
            Push(2);
            if (connection.Received() is not [var push] || push.Number != connection.Session.Uid)
                wrong++;
            _registry.Remove(connection.Session);
        }
        await Task.WhenAll(threads);
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void The_oldest_of_too_many_connections_is_signed_out_and_told_why()
    {
        var connections = Enumerable.Range(0, SessionRegistry.MaxSessions + 1).Select(_ => new TestConnection()).ToList();
        foreach (var connection in connections)
            _registry.SignIn(connection.Session, new Identity(1, 10, 0));

        Assert.False(connections[0].Session.IsSignedIn);
        Assert.Equal((uint)Opcode.SignedOut, Assert.Single(connections[0].Received()).Id);
        Assert.All(connections.Skip(1), connection => Assert.True(connection.Session.IsSignedIn));
        Push(1);
        Assert.Empty(connections[0].Received());
        Assert.All(connections.Skip(1), connection => Assert.Single(connection.Received()));
    }

    [Fact]
    public void While_a_connection_catches_up_live_pushes_are_only_noted_and_then_wait_for_the_reply()
    {
        var connection = new TestConnection();
        _registry.BeginSignIn(connection.Session, new Identity(1, 10, 0));
        var missed = connection.Session.Missed;
        Push(1);
        Assert.False(connection.Session.TryEndCatchingUp(missed));
        // One that is known by its number alone.
        missed = connection.Session.Missed;
        _registry.NoteMissed(1);
        Assert.False(connection.Session.TryEndCatchingUp(missed));
        Assert.True(connection.Session.TryEndCatchingUp(connection.Session.Missed));
        Push(1);
        Assert.Empty(connection.Received());

        connection.Output.ReleasePushes();
        Assert.Single(connection.Received());
        Push(1);
        Assert.Single(connection.Received());
    }

    [Fact]
    public void A_sign_in_that_failed_leaves_nobody_signed_in_and_the_next_one_gets_live_pushes()
    {
        var connection = new TestConnection();
        var identity = new Identity(1, 10, 0);
        _registry.BeginSignIn(connection.Session, identity);
        Push(1);
        _registry.AbandonSignIn(connection.Session, identity);
        Assert.False(connection.Session.IsSignedIn);
        Push(1);
        Assert.Empty(connection.Received());

        _registry.SignIn(connection.Session, new Identity(2, 20, 0));
        Push(2);
        Assert.Single(connection.Received());
    }

    [Fact]
    public void A_sign_in_that_failed_leaves_alone_who_has_signed_in_meanwhile()
    {
        var connection = new TestConnection();
        var (failed, other) = (new Identity(1, 10, 0), new Identity(2, 20, 0));
        _registry.BeginSignIn(connection.Session, failed);
        _registry.SignIn(connection.Session, other);
        _registry.AbandonSignIn(connection.Session, failed);
        Assert.Equal(other, connection.Session.Identity);
        Push(2);
        Assert.Single(connection.Received());
    }

    [Fact]
    public void A_user_signed_out_before_the_reply_to_the_sign_in_is_told_after_it()
    {
        var connection = new TestConnection();
        _registry.BeginSignIn(connection.Session, new Identity(1, 10, 0));
        _registry.SignOut(1, 10, "logout");
        Assert.Empty(connection.Received());
        connection.Output.ReleasePushes();
        Assert.Equal((uint)Opcode.SignedOut, Assert.Single(connection.Received()).Id);
    }

    [Fact]
    public void A_push_on_its_way_to_a_connection_that_has_become_another_users_goes_nowhere_and_moves_no_count()
    {
        var (first, second) = (new TestConnection(), new TestConnection());
        _registry.SignIn(first.Session, new Identity(1, 10, 0));
        _registry.SignIn(second.Session, new Identity(1, 10, 0));
        // While the first is sent it, the second changes hands.
        Acting.Act = () =>
        {
            Acting.Act = null;
            _registry.SignIn(second.Session, new Identity(2, 20, 0));
        };
        _registry.Push(1, Opcode.Matched, seq: 500, default(Acting));
        Assert.Single(first.Received());
        Assert.Empty(second.Received());
        Push(2);
        Assert.Single(second.Received());
    }

    [Fact]
    public void A_push_that_is_heard_of_twice_is_sent_once()
    {
        var connection = new TestConnection();
        _registry.SignIn(connection.Session, new Identity(1, 10, 0));
        Push(1);
        _seq--;
        Push(1);
        Assert.Single(connection.Received());
    }

    // Says whom it is for.
    private void Push(long uid) => _registry.Push(uid, Opcode.Draining, ++_seq, new DrainingPush((int)uid));

    /// <summary>Does something while it is written.</summary>
    private readonly record struct Acting : IPayload<Acting>
    {
        public static Action? Act { get; set; }

        public static Acting Read(scoped ref FieldReader fields) => throw new NotSupportedException();

        public void Write(ref MessagePackWriter writer)
        {
            Act?.Invoke();
            writer.WriteArrayHeader(0);
        }
    }
}
