using Swiper.Core.Dispatch;

namespace Swiper.Storage.Tests.Contract;

/// <summary>An engine that has started on data of its own, which go when it is disposed.</summary>
public interface IEngineUnderTest : IAsyncDisposable
{
    IStorageEngine Engine { get; }

    /// <summary>Where the engine pushes to.</summary>
    SessionRegistry Sessions { get; }

    /// <summary>Ends the engine and starts a new one on the same data.</summary>
    Task ReopenAsync();

    /// <summary>Returns when the boards tell of every swipe that was answered.</summary>
    Task SettledAsync();
}
