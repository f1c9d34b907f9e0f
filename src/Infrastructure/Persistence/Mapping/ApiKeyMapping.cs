using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>
{
    private const int HashLength = 32;

    public void Configure(EntityTypeBuilder<ApiKey> builder)
    {
        builder.ToTable("api_keys");
        builder.HasKey(key => key.Id).HasName("pk_api_keys");
        builder.Property(key => key.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(key => key.UserId).HasColumnName("user_id");
        builder.Property(key => key.Name).HasColumnName("name").HasMaxLength(StoredText.NameLength);
        builder.Property(key => key.Prefix).HasColumnName("prefix").HasMaxLength(16);
        builder.Property(key => key.Hash).HasColumnName("hash").HasMaxLength(HashLength).IsFixedLength();
        builder.Property(key => key.Scopes).HasColumnName("scopes").HasMaxLength(StoredText.NameLength);
        builder.Property(key => key.CreatedAt).HasColumnName("created_at");
        builder.Property(key => key.ExpiresAt).HasColumnName("expires_at");
        builder.Property(key => key.RevokedAt).HasColumnName("revoked_at");
        builder.HasIndex(key => key.Hash).HasDatabaseName("ux_api_keys_hash").IsUnique();
        builder.HasIndex(key => new { key.CreatedAt, key.Id }).HasDatabaseName("ix_api_keys_created_at_id");
        builder.HasIndex(key => new { key.UserId, key.CreatedAt, key.Id }).HasDatabaseName("ix_api_keys_user_id_created_at_id");
        builder.HasOne(key => key.User).WithMany(user => user.ApiKeys).HasForeignKey(key => key.UserId)
            .HasConstraintName("fk_api_keys_users").OnDelete(DeleteBehavior.Restrict);
    }
}
