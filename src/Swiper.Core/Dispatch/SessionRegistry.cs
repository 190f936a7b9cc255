using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>This host's signed-in connections, by user. A user may have several.</summary>
/// <param name="quotas">Of each user; null for none.</param>
public sealed class SessionRegistry(QuotaLimits? quotas = null)
{
    /// <summary>Connections a user may have to a host; one more signs out the oldest. Each push goes to all of them.</summary>
    public const int MaxSessions = 16;

    private readonly Quotas<long>? _userQuotas = quotas is null ? null : new(quotas, users: 1);
    private readonly Quotas<string>? _addressQuotas = quotas is null ? null : new(quotas, quotas.UsersPerAddress);
    private readonly Stripe[] _stripes = Stripes(new HostReads());

    /// <summary>Signs the session in, replacing any previous user, and lets live pushes flow at once.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="identity">The user.</param>
    /// <param name="lastPushSeq">Live pushes continue after this seq.</param>
    public void SignIn(Session session, Identity identity, long lastPushSeq = 0)
    {
        Session? oldest;
        lock (session.IdentityGate)
            oldest = Enter(session, identity, lastPushSeq);
        Replace(oldest, identity.Uid);
    }

    /// <summary>
    /// Signs the session in for a request that is still in flight. Live pushes are only noted until <see cref="MissedPushes"/> has sent
    /// the missed ones, and then wait until after the reply.
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

    /// <summary>Undoes a sign-in that failed, unless another user has signed in since.</summary>
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

    /// <summary>Signs one connection out and sends it the reason, unless it has been signed in again since.</summary>
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

    /// <summary>Removes a closed connection.</summary>
    public void Remove(Session session)
    {
        lock (session.IdentityGate)
            Forget(session.Exchange(null), session);
    }

    /// <summary>
    /// Signs out every connection that a token signed in, and sends each the reason, except the one that requested it.
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

    /// <summary>Who is signed in, once a connection; those who come or go meanwhile may be left out.</summary>
    public IEnumerable<Identity> SignedIn() =>
        _stripes.SelectMany(static stripe => stripe.All()).Select(static session => session.Identity).OfType<Identity>();

    /// <summary>Signed-in connections.</summary>
    public int Count => _stripes.Sum(static stripe => stripe.Count);

    /// <summary>
    /// The seq up to which all connections of the user to this host have been sent pushes; null if there are none. Connections that are
    /// catching up don't count, since they read what they missed from the store.
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

    /// <inheritdoc cref="Push{TPush}"/>
    public void Push(long uid, in StoredPush push) => Push(uid, push.Opcode, push.Seq, push);

    /// <summary>
    /// Sends a push to every connection of the user on this host that has not had it, in order of seq.
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
                    // It may belong to another user by now, whose pushes have their own numbers.
                    if (session.Identity?.Uid != uid)
                        continue;
                    // A connection that is catching up also reads this push from the store.
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
    /// Notes a stored push of which only the seq is known: connections that are catching up also read it.
    /// </summary>
    public void NoteMissed(long uid)
    {
        foreach (var session in StripeOf(uid).Of(uid))
            session.TryNoteMissed();
    }

    // Under the gate: pipelined logins may complete on several threads at once, and the registry and the session must agree on the last.
    private Session? Enter(Session session, Identity identity, long lastPushSeq)
    {
        Forget(session.Exchange(identity), session);
        session.RestartPushesAfter(lastPushSeq);
        if (_userQuotas is not null && Environment.TickCount64 is var now)
            session.Quotas = (_userQuotas.Of(identity.Uid, now), _addressQuotas!.Of(session.Address, now));
        return StripeOf(identity.Uid).Add(identity.Uid, session);
    }

    private void Replace(Session? oldest, long uid)
    {
        if (oldest?.Identity is { } replaced && replaced.Uid == uid)
            SignOut(oldest, replaced, SignedOutPush.Replaced);
    }

    // Under the gate, so that this push precedes anything about a later sign-in on the connection.
    private static void TellSignedOut(Session session, string reason) =>
        session.Output.AppendPush(Opcode.SignedOut, seq: 0, new SignedOutPush(reason));

    private void Forget(Identity? identity, Session session)
    {
        if (identity is not null)
            StripeOf(identity.Uid).Remove(identity.Uid, session);
    }

    private Stripe StripeOf(long uid) => _stripes[(int)((ulong)uid % (uint)_stripes.Length)];

    private static Stripe[] Stripes(HostReads reads) => [.. Enumerable.Range(0, 64).Select(_ => new Stripe(reads))];

    private sealed class Stripe(HostReads reads)
    {
        private readonly Lock _gate = new();

        // Arrays are replaced, never changed, so that readers need no copy.
        private readonly Dictionary<long, Session[]> _sessions = [];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Session[] Of(long uid)
        {
            lock (_gate)
                return _sessions.GetValueOrDefault(uid) ?? [];
        }

        public Session[] All()
        {
            lock (_gate)
                return [.. _sessions.Values.SelectMany(static sessions => sessions)];
        }

        /// <summary>Returns the session evicted to make room, if any.</summary>
        public Session? Add(long uid, Session session)
        {
            lock (_gate)
            {
                var before = _sessions.GetValueOrDefault(uid) ?? [];
                session.Share = before.Length > 0 ? before[0].Share : new UserShare(reads);
                _sessions[uid] = [.. before, session];
                _count++;
                return before.Length < MaxSessions ? null : before[0];
            }
        }

        public void Remove(long uid, Session session)
        {
            lock (_gate)
            {
                var before = _sessions.GetValueOrDefault(uid) ?? [];
                var rest = before.Where(other => other != session).ToArray();
                _count -= before.Length - rest.Length;
                if (rest.Length == 0)
                    _sessions.Remove(uid);
                else
                    _sessions[uid] = rest;
            }
        }
    }
}
