using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AiGateway.Application.Routing;

/// <summary>
/// Weighted rendezvous hashing: requests with the same affinity key try the targets of a group in the same order, on every
/// replica and without shared state. When a target is left out, only its own requests move.
/// </summary>
internal static class TargetOrder
{
    /// <summary>The score of a target for a key. The highest score is tried first.</summary>
    /// <param name="key">The affinity key.</param>
    /// <param name="provider">The provider's name.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="weight">The target's weight; above 0.</param>
    public static double Score(string key, string provider, string model, int weight)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{provider}\n{model}"), digest);
        var hash = BinaryPrimitives.ReadUInt64LittleEndian(digest);

        // 53 bits, so the fraction is exact; the half keeps it away from 0 and 1.
        var fraction = ((hash >> 11) + 0.5) / (1UL << 53);
        return -weight / Math.Log(fraction);
    }
}
