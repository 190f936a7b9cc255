using System.ComponentModel;
using System.Runtime.Serialization;

namespace Swiper.Core.Accounts;

/// <summary>On the wire "F", "M", or nil if not set; the numbers are in the stores and never change.</summary>
[Description("The sex of a user, and the one that a deck shows.")]
public enum Sex : byte
{
    [EnumMember(Value = "F")]
    Female = 0,

    [EnumMember(Value = "M")]
    Male = 1,

    Unknown = 2,
}
