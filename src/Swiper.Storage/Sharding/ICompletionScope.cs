namespace Swiper.Storage.Sharding;

/// <summary>
/// Surrounds the completions of a batch on the lane's thread, for example to flush their replies once per connection. Must not throw.
/// </summary>
internal interface ICompletionScope
{
    void Begin();

    void End();
}
