using StackExchange.Redis;
using Swiper.Core.Dispatch;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster;

/// <summary>Makes one kind of exception of all that says that a store can't be asked now.</summary>
internal static class Unavailability
{
    /// <summary>Whether it says that.</summary>
    public static bool Is(Exception exception) =>
        exception is RedisException or TimeoutException || TransientErrors.KindOf(exception) != ShardFailure.None;

    /// <exception cref="StoreUnavailableException">A store can't be asked now.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not StoreUnavailableException && Is(exception))
        {
            throw Translated(exception);
        }
    }

    /// <inheritdoc cref="TranslateAsync"/>
    public static void Translate(Action ask)
    {
        try
        {
            ask();
        }
        catch (Exception exception) when (exception is not StoreUnavailableException && Is(exception))
        {
            throw Translated(exception);
        }
    }

    // The message of a deadline that has passed speaks of an operation, and nobody knows which.
    private static StoreUnavailableException Translated(Exception exception) =>
        new(exception is TimeoutException ? "A store did not answer within its deadline." : exception.Message, exception);
}
