namespace Swiper.Core.Dispatch;

/// <summary>A vertical slice of the product: its opcodes and their handlers.</summary>
public interface ISlice
{
    /// <summary>Adds the slice's opcodes with their descriptors, and its pushes: its table of contents.</summary>
    void Map(OpcodeTable table);
}
