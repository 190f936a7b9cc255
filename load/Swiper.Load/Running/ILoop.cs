using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>A way to drive virtual users.</summary>
internal interface ILoop
{
    /// <summary>Drives them until the last request has ended, after <see cref="Finish"/>.</summary>
    Task RunAsync(IReadOnlyList<IVirtualUser> users);

    /// <summary>The window has ended: no new requests become due; those already due are still sent.</summary>
    void Finish();

    /// <summary>Drops the requests that are due and not sent; those in flight still complete.</summary>
    void Abandon();
}
