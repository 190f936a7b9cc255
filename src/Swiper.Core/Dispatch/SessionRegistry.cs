using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The signed-in connections of this host by user. One person may be there from several devices.</summary>
public sealed class SessionRegistry
{
    /// <summary>Connections a user may have on a host; with one more the oldest is signed out. Each push goes to all of them.</summary>
    public const int MaxSessions = 16;

    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, 64).Select(_ => new Stripe())];

    /// <summary>The session becomes the user's, and live pushes flow at once; whoever was signed in on it before no longer is.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="identity">The user.</param>
    /// <param name="lastPushSeq">Live pushes go on from this number.</param>
    public void SignIn(Session session, Identity identity, long lastPushSeq = 0)
    {
        Session? oldest;
        lock (session.IdentityGate)
            oldest = Enter(session, identity, lastPushSeq);
        Replace(oldest, identity.Uid);
    }

    /// <summary>
    /// The session becomes the user's for a request that signs in. Live pushes are only noted until <see cref="MissedPushes"/> has sent
    /// the missed ones, and wait from then on for the reply.
    /// </summary>
    internal void BeginSignIn(Session session, Identity identity)
    {
        Session? oldest;
        lock (session.IdentityGate)
        {
            session.BeginCatchingUp();
            session.Output.DelayPushes();
            oldest = Enter(session, identity, lastPushSeq: 0);
        }
        Replace(oldest, identity.Uid);
    }

    /// <summary>A sign-in that was begun has failed: nobody is signed in, unless somebody else has been meanwhile.</summary>
    internal void AbandonSignIn(Session session, Identity identity)
    {
        lock (session.IdentityGate)
        {
            if (session.Identity == identity)
                Forget(session.Exchange(null), session);
            session.EndCatchingUp();
        }
        session.Output.ReleasePushes();
    }

    /// <summary>Signs one connection out and tells it why, unless somebody has signed in on it anew.</summary>
    public void SignOut(Session session, Identity identity, string reason)
    {
        FlushScope.Enter();
        try
        {
            lock (session.IdentityGate)
            {
                if (session.Identity != identity)
                    return;
                Forget(session.Exchange(null), session);
                TellSignedOut(session, reason);
            }
        }
        finally
        {
            FlushScope.Exit();
        }
    }

    /// <summary>Forgets a connection that has closed.</summary>
    public void Remove(Session session)
    {
        lock (session.IdentityGate)
            Forget(session.Exchange(null), session);
    }

    /// <summary>
    /// Signs out every connection of the user that a token signed in, and tells it why; all but the one that asked for it.
    /// </summary>
    public void SignOut(long uid, long tokenId, string reason, Session? asker = null)
    {
        FlushScope.Enter();
        try
        {
            foreach (var session in StripeOf(uid).Of(uid))
            {
                lock (session.IdentityGate)
                {
                    if (session.Identity is not { } identity || identity.Uid != uid || identity.TokenId != tokenId)
                        continue;
                    Forget(session.Exchange(null), session);
                    if (session != asker)
                        TellSignedOut(session, reason);
                }
            }
        }
        finally
        {
            FlushScope.Exit();
        }
    }

    /// <summary>
    /// The number up to which all connections of the user to this host have been sent their pushes; null where the user has none. Those
    /// that are catching up don't count, for they read what they miss.
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

    /// <summary>
    /// Sends a push to every connection of the user on this host that has not had it; a user's pushes come in the order of their seq.
    /// </summary>
    public void Push<TPush>(long uid, Opcode opcode, long seq, in TPush push)
        where TPush : IPayload<TPush>
    {
        FlushScope.Enter();
        try
        {
            foreach (var session in StripeOf(uid).Of(uid))
            {
                lock (session.IdentityGate)
                {
                    // It may have become another user's by now, whose pushes have numbers of their own.
                    if (session.Identity?.Uid != uid)
                        continue;
                    // One that is being told what it missed reads this push, too, from where pushes are kept.
                    if (!session.TryNoteMissed() && session.TryAdvancePushSeq(seq))
                        session.Output.AppendPush(opcode, seq, push);
                }
            }
        }
        finally
        {
            FlushScope.Exit();
        }
    }

    /// <summary>
    /// A push was written for the user that is known by its number alone: connections that are catching up read it, too.
    /// </summary>
    public void NoteMissed(long uid)
    {
        foreach (var session in StripeOf(uid).Of(uid))
            session.TryNoteMissed();
    }

    // Under the gate: pipelined logins may end on several threads at once, and the last to enter is who is signed in, here and in the
    // session.
    private Session? Enter(Session session, Identity identity, long lastPushSeq)
    {
        Forget(session.Exchange(identity), session);
        session.RestartPushesAfter(lastPushSeq);
        return StripeOf(identity.Uid).Add(identity.Uid, session);
    }

    private void Replace(Session? oldest, long uid)
    {
        if (oldest?.Identity is { } replaced && replaced.Uid == uid)
            SignOut(oldest, replaced, "replaced");
    }

    // Under the gate, so that whoever signs in on the connection afterwards is told of that afterwards.
    private static void TellSignedOut(Session session, string reason) =>
        session.Output.AppendPush(Opcode.SignedOut, seq: 0, new SignedOutPush(reason));

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
