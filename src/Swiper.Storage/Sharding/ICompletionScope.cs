namespace Swiper.Storage.Sharding;

/// <summary>
/// Surrounds the completions of a batch on the lane's thread, so that, say, the replies that they write to one connection
/// are flushed once. Must not throw.
/// </summary>
internal interface ICompletionScope
{
    void Begin();

    void End();
}
