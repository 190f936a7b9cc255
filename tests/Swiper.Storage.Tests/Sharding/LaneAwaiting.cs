namespace Swiper.Storage.Tests.Sharding;

/// <summary>Takes a test off the lane's thread, where the code after an await would otherwise go on, and hold the lane up.</summary>
internal static class LaneAwaiting
{
    public static async Task<T> OffTheLane<T>(this ValueTask<T> operation)
    {
        try
        {
            return await operation;
        }
        finally
        {
            await Task.Yield();
        }
    }
}
