namespace AiGateway.Domain;

/// <summary>Names of models: an exact name, or a prefix that ends with <c>*</c>. Case matters.</summary>
public static class ModelPattern
{
    /// <summary>Whether the model is meant.</summary>
    public static bool Matches(string pattern, string model) => pattern.EndsWith('*')
        ? model.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
        : string.Equals(pattern, model, StringComparison.Ordinal);
}
