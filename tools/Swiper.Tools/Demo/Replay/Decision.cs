using Swiper.Core.Accounts;

namespace Swiper.Tools.Demo.Replay;

/// <summary>A row of a file of decisions: what somebody thought of somebody they met.</summary>
/// <param name="Line">Where it stands in the file, from 1.</param>
/// <param name="Uid">Who decided.</param>
/// <param name="Sex">Of who decided.</param>
/// <param name="Age">In years; null where not known.</param>
/// <param name="Partner">About whom.</param>
/// <param name="IsYes">They want to meet again.</param>
/// <param name="IsMatch">The file says that both said yes.</param>
internal sealed record Decision(int Line, int Uid, Sex Sex, int? Age, int Partner, bool IsYes, bool IsMatch)
{
    /// <summary>The two, in an order that both directions share.</summary>
    public (int, int) Pair => Uid < Partner ? (Uid, Partner) : (Partner, Uid);
}
