using System.Numerics;
using Microsoft.Extensions.Logging;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Storage.Indexes;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Ranking;

/// <summary>
/// The points of the board of all time in this host's memory, for decks, which can't ask Redis about hundreds of people. They are read at
/// the start and again every five minutes, a part after the other. What can't be read stays as it was read last.
/// </summary>
internal sealed class Hotness : IDisposable
{
    /// <summary>From the end of a round to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    /// <summary>The same where some could not be read.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private const int PeopleACall = 1_000;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    // In real time: it spares Redis, which knows no other. 20,000 people a second.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly BoardReader _boards;
    private readonly PeopleIndex _people;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ChunkedColumn<int> _points = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private bool _isFailing;

    public Hotness(BoardReader boards, PeopleIndex people, TimeProvider clock, ILogger logger) =>
        (_boards, _people, _clock, _logger) = (boards, people, clock, logger);

    /// <summary>As last read; 0 for who was not on the board then.</summary>
    public long PointsOf(int slot) => _points.ValueOrDefault(slot);

    public void Start() => _loop = Task.Run(KeepAsync);

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        _loop.Wait(StopPatience);
    }

    private async Task KeepAsync()
    {
        var stopping = _stopping.Token;
        try
        {
            while (true)
            {
                var unread = await TryReadAllAsync(stopping).ConfigureAwait(false);
                LogChange(unread);
                await Task.Delay(unread > 0 ? RetryInterval : Interval, _clock, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    // Returns how many groups could not be read.
    private async Task<int> TryReadAllAsync(CancellationToken stopping)
    {
        var unread = 0UL;
        for (var group = 0; group < UserGroups.Count; group++)
        {
            try
            {
                if (!await TryReadAsync(group, stopping).ConfigureAwait(false))
                    unread |= 1UL << group;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                RankingLog.Faulted(_logger, exception);
                unread |= 1UL << group;
            }
        }
        return BitOperations.PopCount(unread);
    }

    private async Task<bool> TryReadAsync(int group, CancellationToken stopping)
    {
        var board = BoardPeriod.Of(BoardName.All, _clock.NowMs());
        for (var from = 0; ; from += PeopleACall)
        {
            var answer = await _boards.PartAsync(board, group, from, PeopleACall).ConfigureAwait(false);
            if (!answer.IsKnown)
                return false;
            foreach (var (uid, score) in answer.Value)
            {
                if (_people.TryGetSlot(uid, out var slot))
                    _points.Ensure(slot) = (int)Math.Clamp(score, int.MinValue, int.MaxValue);
            }
            if (answer.Value.Count < PeopleACall)
                return true;
            await Task.Delay(Pace, stopping).ConfigureAwait(false);
        }
    }

    private void LogChange(int unread)
    {
        if (unread > 0 && !_isFailing)
            RankingLog.HotnessNotRead(_logger, unread);
        else if (unread == 0 && _isFailing)
            RankingLog.HotnessReadAgain(_logger);
        _isFailing = unread > 0;
    }
}
