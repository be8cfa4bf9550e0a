/** The codes that the panel ships, some of its own making: `br`, `cn`, `cz`, `dk`, `se`. */
export const languages: readonly string[] =
  'ar bg br ca cn cz de dk el en es fi fr hr hu id it ja nl pl pt ro ru se sk tr'.split(' ');
