using Swiper.Client;


namespace Swiper.Tools.Demo.Replay;

/// <summary>A row of a decisions file: one person's decision about another.</summary>
/// <param name="Line">Line number in the file, from 1.</param>
/// <param name="Uid">Who decided.</param>
/// <param name="Sex">Sex of the decider.</param>
/// <param name="Age">Age of the decider in years; null if unknown.</param>
/// <param name="Partner">Whom the decision is about.</param>
/// <param name="IsYes">A like.</param>
/// <param name="IsMatch">According to the file, both said yes.</param>
internal sealed record Decision(int Line, int Uid, Sex Sex, int? Age, int Partner, bool IsYes, bool IsMatch)
{
    /// <summary>The pair, in an order independent of direction.</summary>
    public (int, int) Pair => Uid < Partner ? (Uid, Partner) : (Partner, Uid);
}
