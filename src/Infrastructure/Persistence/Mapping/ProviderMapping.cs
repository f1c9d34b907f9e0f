using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class ProviderMapping : IEntityTypeConfiguration<Provider>
{
    public void Configure(EntityTypeBuilder<Provider> builder)
    {
        builder.ToTable("providers");
        builder.HasKey(provider => provider.Name).HasName("pk_providers");
        builder.Property(provider => provider.Name).HasColumnName("name").HasMaxLength(StoredText.NameLength);
        builder.Property(provider => provider.DisplayName).HasColumnName("display_name").HasMaxLength(StoredText.NameLength);
        builder.Property(provider => provider.DefaultModel).HasColumnName("default_model").HasMaxLength(StoredText.NameLength);
        builder.Property(provider => provider.CreatedAt).HasColumnName("created_at");
        builder.HasData(new Provider
        {
            Name = "openai",
            DisplayName = "OpenAI",
            DefaultModel = "gpt-3.5-turbo",
            CreatedAt = new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero),
        });
    }
}

internal sealed class SwitchedOffMapping : IEntityTypeConfiguration<SwitchedOff>
{
    public void Configure(EntityTypeBuilder<SwitchedOff> builder)
    {
        builder.ToTable("switched_off");
        builder.HasKey(each => new { each.Provider, each.Model }).HasName("pk_switched_off");
        builder.Property(each => each.Provider).HasColumnName("provider").HasMaxLength(StoredText.NameLength);
        builder.Property(each => each.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(each => each.At).HasColumnName("at");
    }
}
