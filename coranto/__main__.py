from coranto.config.cli import main

main()
