namespace Swiper.Peers;

/// <summary>An entry of the board.</summary>
internal sealed record Standing(int Rank, long Uid, int Score, string Nickname, string Avatar);
