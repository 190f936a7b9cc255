using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Repair;

namespace Swiper.Storage.Tests.Redis;

/// <summary>Rebuilds groups from the truth, as a host does.</summary>
internal static class Rebuild
{
    public static async Task AllAsync(SwipeIndex index, SwipeTruth truth)
    {
        var repair = new IndexRepair(index);
        for (var group = 0; group < UserGroups.Count; group++)
            await GroupAsync(repair, truth, group);
    }

    /// <summary>Tries until it is through: a call may fail, and the token with it.</summary>
    public static Task GroupAsync(IndexRepair repair, SwipeTruth truth, int group) =>
        Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return await TryGroupAsync(repair, truth, group);
                }
                catch (Exception exception) when (exception is TimeoutException or StackExchange.Redis.RedisException)
                {
                    return false;
                }
            },
            $"the rebuild of group {group}");

    public static async Task<bool> TryGroupAsync(IndexRepair repair, SwipeTruth truth, int group)
    {
        if (await repair.BeginAsync(group, SwipeTruth.Midnight) is not { } mending)
            return false;
        var snapshot = truth.Snapshot();
        return await mending.WriteAsync(snapshot.UsersOf(group)) && await mending.FinishAsync(snapshot.Marks);
    }

    /// <summary>Rebuilds whatever the index says is untrusted, until told to stop.</summary>
    public static IDisposable Automatically(SwipeIndex index, SwipeTruth truth)
    {
        var repair = new IndexRepair(index);
        var mending = new System.Collections.Concurrent.ConcurrentDictionary<int, bool>();
        index.Untrusted += Mend;
        return new Ending(() => index.Untrusted -= Mend);

        void Mend(int group)
        {
            if (!mending.TryAdd(group, true))
                return;
            _ = Task.Run(async () =>
            {
                try
                {
                    await TryGroupAsync(repair, truth, group);
                }
                catch (Exception exception) when (
                    exception is TimeoutException or StackExchange.Redis.RedisException or ObjectDisposedException)
                {
                    // It will be reported again.
                }
                finally
                {
                    mending.TryRemove(group, out _);
                }
            });
        }
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
