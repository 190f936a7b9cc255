using System.Collections.Concurrent;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;

namespace Swiper.Storage.Cluster.Dispatch;

/// <summary>
/// Delivers pushes to the users connected to this host, each once and in seq order, whichever host wrote it. Each connection tracks the
/// seq up to which it has been sent them; if a push arrives out of order, or only its seq does, the gap is read from the stored pushes.
/// Of more than are read, push 705 takes the place of the oldest.
/// </summary>
internal sealed class LivePushes
{
    private readonly SessionRegistry _sessions;
    private readonly HostEvents _events;
    private readonly ClusterShards _shards;
    private readonly IPushRepository _stored;
    private readonly BlockIndex _blocks;

    // A user's pushes are sent under one of these locks, so that none overtakes another.
    private readonly Lock[] _sending = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    // Users whose stored pushes are being read.
    private readonly ConcurrentDictionary<long, Reading> _readings = new();

    public LivePushes(SessionRegistry sessions, HostEvents events, ClusterShards shards, IPushRepository stored, BlockIndex blocks)
    {
        (_sessions, _events, _shards, _stored, _blocks) = (sessions, events, shards, stored, blocks);
        events.PushArrived += (uid, push) => Hear(uid, push);
        events.Hear(HostEventKind.Pushed, happened => Hear(happened.Uid, happened.Subject));
    }

    /// <summary>Delivers a push that this host wrote to the user's connections here, and announces it to the other hosts.</summary>
    public void Deliver(long uid, in StoredPush push)
    {
        Hear(uid, push);
        _events.Tell(uid, push);
    }

    /// <summary>Delivers a push that any host wrote.</summary>
    public void Hear(long uid, in StoredPush push)
    {
        lock (SendingOf(uid))
        {
            if (_sessions.LastPushSeq(uid) is not { } last)
                return;
            if (push.Seq == last + 1 || last == long.MaxValue)
            {
                Send(uid, push);
                return;
            }
        }
        Hear(uid, push.Seq);
    }

    /// <summary>Delivers a push that any host wrote, known by its seq only.</summary>
    public void Hear(long uid, long seq)
    {
        _sessions.NoteMissed(uid);
        if (_sessions.LastPushSeq(uid) is not { } last || seq <= last)
            return;
        var begun = new Reading();
        while (true)
        {
            var reading = _readings.GetOrAdd(uid, begun);
            // A read that has just ended is gone on the next try.
            if (!reading.TryWant(seq))
                continue;
            if (reading == begun)
                _ = ReadAsync(uid, reading);
            return;
        }
    }

    /// <summary>
    /// Returns once the pushes delivered so far were sent to the user's connections here, or can't be read now: the push of a match must
    /// precede the reply to the swipe that completed it.
    /// </summary>
    public Task WhenSentAsync(long uid) => _readings.TryGetValue(uid, out var reading) ? reading.Ended : Task.CompletedTask;

    private void Send(long uid, in StoredPush push)
    {
        // Not of a swipe that was being recorded while one of the two blocked the other; one without data is about a person.
        if (push.Data is not null || !_blocks.AreBlocked(uid, push.Subject))
            _sessions.Push(uid, push);
    }

    private async Task ReadAsync(long uid, Reading reading)
    {
        long newest;
        do
        {
            try
            {
                newest = await SendNewAsync(uid).ConfigureAwait(false);
            }
            catch (StoreUnavailableException)
            {
                // The next push fetches it, or the client does when it signs in again.
                newest = long.MaxValue;
            }
            catch (Exception exception)
            {
                _shards.Of(uid).Faulted(exception);
                newest = long.MaxValue;
            }
        }
        while (!reading.TryEnd(newest, () => _readings.TryRemove(uid, out _)));
    }

    // Returns the seq up to which nothing is left to read.
    private async ValueTask<long> SendNewAsync(long uid)
    {
        if (_sessions.LastPushSeq(uid) is not { } last)
            return long.MaxValue;
        var pushes = (await _stored.ReadAfterAsync(uid, last).ConfigureAwait(false)).Pushes;
        lock (SendingOf(uid))
        {
            TellCutOff(uid, pushes);
            foreach (var push in pushes)
                Send(uid, push);
        }
        return pushes.Count > 0 ? pushes[^1].Seq : long.MaxValue;
    }

    // More were written before this host heard of them than are read: the oldest of them, which resume would report as well.
    private void TellCutOff(long uid, IReadOnlyList<StoredPush> read)
    {
        if (read.Count == 0 || _sessions.LastPushSeq(uid) is not { } last || read[^1].Seq - last <= IPushRepository.Kept)
            return;
        var before = read[0].Seq - 1;
        if (last < before)
            _sessions.Push(uid, Opcode.Missed, before, new MissedPush(last + 1, before));
    }

    private Lock SendingOf(long uid) => _sending[(int)((ulong)uid % (uint)_sending.Length)];

    /// <summary>Reads one user's stored pushes, repeatedly while newer ones are announced.</summary>
    private sealed class Reading
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private long _wanted;
        private bool _isOver;

        public Task Ended => _ended.Task;

        /// <summary>False if it has ended.</summary>
        public bool TryWant(long seq)
        {
            lock (_gate)
            {
                _wanted = Math.Max(_wanted, seq);
                return !_isOver;
            }
        }

        /// <summary>False if a push was announced meanwhile that may have been committed after the read.</summary>
        public bool TryEnd(long newest, Action remove)
        {
            lock (_gate)
            {
                if (_wanted > newest)
                    return false;
                _isOver = true;
                remove();
            }
            _ended.SetResult();
            return true;
        }
    }
}
