namespace Swiper.Core.Dispatch;

/// <summary>A vertical part of the product: its opcodes and what answers them.</summary>
public interface ISlice
{
    /// <summary>Adds the slice's opcodes, a line each.</summary>
    void Map(OpcodeTable table);
}
