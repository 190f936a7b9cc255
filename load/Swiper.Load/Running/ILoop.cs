using Swiper.Load.Scenarios;

namespace Swiper.Load.Running;

/// <summary>A way to drive virtual users.</summary>
internal interface ILoop
{
    /// <summary>Drives them until the last request has ended, after <see cref="Finish"/>.</summary>
    Task RunAsync(IReadOnlyList<IVirtualUser> users);

    /// <summary>The window has ended: nothing new is begun; what is due already still is.</summary>
    void Finish();

    /// <summary>Not even that; what is under way still ends.</summary>
    void Abandon();
}
