using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The signed-in connections of this host by user. One person may be there from several devices.</summary>
public sealed class SessionRegistry
{
    /// <summary>Connections a user may have on a host; with one more the oldest is signed out. Each push goes to all of them.</summary>
    public const int MaxSessions = 16;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Stripe())];

    /// <summary>The session becomes the user's; whoever was signed in on it before no longer is.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="identity">The user.</param>
    /// <param name="lastPushSeq">Live pushes go on from this number; what a client missed up to it is told in another way.</param>
    public void SignIn(Session session, Identity identity, long lastPushSeq = 0)
    {
        // Pipelined logins may end on several threads at once: the last to enter is who is signed in, here and in the session.
        Session? oldest;
        lock (session.IdentityGate)
        {
            Forget(session.Exchange(identity), session);
            session.RestartPushesAfter(lastPushSeq);
            oldest = StripeOf(identity.Uid).Add(identity.Uid, session);
        }
        if (oldest?.Identity is { } replaced && replaced.Uid == identity.Uid)
            SignOut(oldest, replaced, "replaced");
    }

    /// <summary>Signs one connection out and tells it why, unless somebody has signed in on it anew.</summary>
    public void SignOut(Session session, Identity identity, string reason)
    {
        lock (session.IdentityGate)
        {
            if (session.Identity != identity)
                return;
            Forget(session.Exchange(null), session);
        }
        session.Output.AppendPush(Opcode.SignedOut, seq: 0, new SignedOutPush(reason));
    }

    /// <summary>Forgets a connection that has closed.</summary>
    public void Remove(Session session)
    {
        lock (session.IdentityGate)
            Forget(session.Exchange(null), session);
    }

    /// <summary>Signs out every connection of the user that a token signed in, and tells it why; all but the one that asked for it.</summary>
    public void SignOut(long uid, long tokenId, string reason, Session? asker = null)
    {
        foreach (var session in StripeOf(uid).Of(uid))
        {
            lock (session.IdentityGate)
            {
                if (session.Identity is not { } identity || identity.Uid != uid || identity.TokenId != tokenId)
                    continue;
                Forget(session.Exchange(null), session);
            }
            if (session != asker)
                session.Output.AppendPush(Opcode.SignedOut, seq: 0, new SignedOutPush(reason));
        }
    }

    /// <summary>
    /// The number up to which all connections of the user to this host have been sent their pushes; null where the user has none. Those that are
    /// catching up don't count, for they read what they miss.
    /// </summary>
    public long? LastPushSeq(long uid)
    {
        var sessions = StripeOf(uid).Of(uid);
        if (sessions.Length == 0)
            return null;
        var last = long.MaxValue;
        foreach (var session in sessions)
        {
            if (!session.IsCatchingUp)
                last = Math.Min(last, session.LastPushSeq);
        }
        return last;
    }

    /// <summary>Sends a push to every connection of the user on this host that has not had it; a user's pushes come in the order of their seq.</summary>
    public void Push<TPush>(long uid, Opcode opcode, long seq, in TPush push)
        where TPush : IPayload<TPush>
    {
        foreach (var session in StripeOf(uid).Of(uid))
        {
            // One that is being told what it missed reads this push, too, from where pushes are kept.
            if (!session.TryNoteMissed() && session.TryAdvancePushSeq(seq))
                session.Output.AppendPush(opcode, seq, push);
        }
    }

    private void Forget(Identity? identity, Session session)
    {
        if (identity is not null)
            StripeOf(identity.Uid).Remove(identity.Uid, session);
    }

    private Stripe StripeOf(long uid) => _stripes[(int)((ulong)uid % (uint)_stripes.Length)];

    private sealed class Stripe
    {
        private readonly Lock _gate = new();

        // Arrays are replaced, never changed, so that readers need no copy.
        private readonly Dictionary<long, Session[]> _sessions = [];

        public Session[] Of(long uid)
        {
            lock (_gate)
                return _sessions.GetValueOrDefault(uid) ?? [];
        }

        /// <summary>Answers whom there is no room for any more.</summary>
        public Session? Add(long uid, Session session)
        {
            lock (_gate)
            {
                var before = _sessions.GetValueOrDefault(uid) ?? [];
                _sessions[uid] = [.. before, session];
                return before.Length < MaxSessions ? null : before[0];
            }
        }

        public void Remove(long uid, Session session)
        {
            lock (_gate)
            {
                var rest = (_sessions.GetValueOrDefault(uid) ?? []).Where(other => other != session).ToArray();
                if (rest.Length == 0)
                    _sessions.Remove(uid);
                else
                    _sessions[uid] = rest;
            }
        }
    }
}
