using System.ComponentModel;

namespace Swiper.Core.Dispatch;

/// <summary>What a request costs the host. Of each class a user has a share (<see cref="UserShare"/>).</summary>
public enum RequestCost : byte
{
    [Description("answered at once, from memory")]
    Memory,

    [Description("reads a store, unless the answer is in memory")]
    Read,

    [Description("a transaction")]
    Write,

    [Description("a swipe: many share a transaction")]
    Swipe,

    [Description("searches the people in memory")]
    Search,
}
